#pragma once

#include "capture/base/timestamp.hpp"
#include "coord/retention/data_class.hpp"

#include <chrono>
#include <optional>

namespace cresset::coord::retention {

/// How long each class of data is kept; 0 days is for ever. A legal hold is stronger than any of
/// them.
struct retention_policy {
  std::array<std::chrono::days, all_data_classes.size()> keep{
      std::chrono::days{14}, std::chrono::days{30}, std::chrono::days{400},
      std::chrono::days{0},  std::chrono::days{90}, std::chrono::days{400}};

  std::chrono::days& of(data_class what) noexcept { return keep[static_cast<std::size_t>(what)]; }
  std::chrono::days of(data_class what) const noexcept {
    return keep[static_cast<std::size_t>(what)];
  }
  /// What is older goes; nothing for what is kept for ever.
  std::optional<timestamp> oldest_kept(data_class what, timestamp now) const noexcept {
    if (of(what) == std::chrono::days{0})
      return std::nullopt;
    return now - of(what);
  }
};

} // namespace cresset::coord::retention
