#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace cresset {

/// A moment of UTC in nanoseconds; for packets, the moment of capture as the source tells it. Never
/// used for order: capture clocks lie, order comes from sequences.
using timestamp = std::chrono::sys_time<std::chrono::nanoseconds>;

constexpr timestamp timestamp_from_ns(std::int64_t since_epoch_ns) noexcept {
  return timestamp{std::chrono::nanoseconds{since_epoch_ns}};
}
constexpr std::int64_t to_ns(timestamp t) noexcept {
  return t.time_since_epoch().count();
}

/// The machine's clock, now.
timestamp now() noexcept;

/// "2026-11-21T22:07:38.123456+0000": microseconds and offset as event logs of the field write
/// them, always UTC.
std::string to_eve_time(timestamp t);
/// "2026-11-21T22:07:38.123Z": RFC 3339 with milliseconds, as STIX 2.1 asks (section 2.16).
std::string to_rfc3339_ms(timestamp t);

} // namespace cresset
