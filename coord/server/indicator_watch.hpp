#pragma once

#include "coord/indicator/repository.hpp"
#include "coord/store/alert_store.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace cresset::coord::server {

/// Gives the ingest path the indicators in force: anew when a hand changed them, and now and then
/// so that those that ended do not pile up. One thread.
class indicator_watch {
public:
  static constexpr std::chrono::minutes reread_every{10};

  /// Both outlive it.
  indicator_watch(indicator::repository& from, store::alert_store& to) : from_{from}, to_{to} {}

  incident::result<void> refresh(timestamp now);

private:
  indicator::repository& from_;
  store::alert_store& to_;
  std::optional<std::int64_t> version_;
  timestamp read_{};
};

} // namespace cresset::coord::server
