#pragma once

#include <cstdint>

namespace cresset::detect::alert {

/// How much an alert matters, the way rules count: 1 is the most urgent, 255 the least. EVE prints
/// the number. It comes from the rule's `priority`, else from its class type, else it is
/// `severity::default_value`.
class severity {
public:
  static constexpr std::uint8_t default_value = 3;

  constexpr severity() noexcept = default;
  /// Out of range is brought into it: 0 becomes 1, everything above 255 becomes 255.
  explicit constexpr severity(std::uint32_t priority) noexcept
      : value_{static_cast<std::uint8_t>(priority < 1     ? 1
                                         : priority > 255 ? 255
                                                          : priority)} {}

  constexpr std::uint8_t value() const noexcept { return value_; }
  constexpr bool is_more_urgent_than(severity other) const noexcept {
    return value_ < other.value_;
  }
  friend constexpr bool operator==(severity, severity) noexcept = default;

private:
  std::uint8_t value_ = default_value;
};

} // namespace cresset::detect::alert
