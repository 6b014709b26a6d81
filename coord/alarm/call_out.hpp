#pragma once

#include "capture/base/timestamp.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace cresset::coord::alarm {

/// Whom an alarm is told, and how long after it was raised when nobody acknowledged it by then.
struct call_out_step {
  std::chrono::seconds after{};
  std::vector<std::string> mail;
  std::vector<std::string> webhooks;
};

/// The step an alarm is due for: the first behind `done` steps whose time has come. Nothing when
/// the list is through, or its time has not come. `list` is in the order of `after`.
std::optional<std::size_t> due_step(const std::vector<call_out_step>& list, std::size_t done,
                                    timestamp raised, timestamp at) noexcept;

} // namespace cresset::coord::alarm
