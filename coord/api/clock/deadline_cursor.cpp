#include "coord/api/clock/deadline_cursor.hpp"

#include <fmt/format.h>

#include <charconv>

namespace cresset::coord::api::clock {
namespace {

constexpr std::size_t long_digits = 16;
constexpr std::size_t clock_digits = 2;
constexpr std::size_t regime_limit_bytes = 64;

std::optional<std::int64_t> hex(std::string_view digits) noexcept {
  std::uint64_t value = 0;
  const auto* const end = digits.data() + digits.size();
  const auto [stopped, failed] = std::from_chars(digits.data(), end, value, 16);
  if (failed != std::errc{} || stopped != end || value > static_cast<std::uint64_t>(INT64_MAX))
    return std::nullopt;
  return static_cast<std::int64_t>(value);
}

} // namespace

std::string to_cursor(const coord::clock::deadline_key& key) {
  return fmt::format("d{:016x}{:016x}{:02x}{}", static_cast<std::uint64_t>(to_ns(key.due)),
                     static_cast<std::uint64_t>(key.incident.value), static_cast<int>(key.clock),
                     key.regime);
}

std::optional<coord::clock::deadline_key> deadline_key_from(std::string_view cursor) {
  constexpr auto fixed = 1 + 2 * long_digits + clock_digits;
  if (cursor.size() <= fixed || cursor.size() > fixed + regime_limit_bytes || cursor[0] != 'd')
    return std::nullopt;
  const auto due = hex(cursor.substr(1, long_digits));
  const auto incident = hex(cursor.substr(1 + long_digits, long_digits));
  const auto clock = hex(cursor.substr(1 + 2 * long_digits, clock_digits));
  if (!due || !incident || !clock || static_cast<std::size_t>(*clock) >= coord::clock::clock_count)
    return std::nullopt;
  for (const char c : cursor.substr(fixed))
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'))
      return std::nullopt;
  return coord::clock::deadline_key{timestamp_from_ns(*due),
                                    {*incident},
                                    std::string{cursor.substr(fixed)},
                                    static_cast<coord::clock::clock_kind>(*clock)};
}

} // namespace cresset::coord::api::clock
