#include "capture/base/timestamp.hpp"

#include <fmt/format.h>

namespace cresset {
namespace {

// Howard Hinnant's civil calendar, as std::chrono has it: no time zone, no tm, no locale.
std::string to_seconds(timestamp t) {
  const auto day = std::chrono::floor<std::chrono::days>(t);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{std::chrono::floor<std::chrono::seconds>(t) - day};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     time.hours().count(), time.minutes().count(), time.seconds().count());
}

std::int64_t fraction_ns(timestamp t) {
  return (t - std::chrono::floor<std::chrono::seconds>(t)).count();
}

} // namespace

timestamp now() noexcept {
  return std::chrono::time_point_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now());
}

std::string to_eve_time(timestamp t) {
  return fmt::format("{}.{:06}+0000", to_seconds(t), fraction_ns(t) / 1000);
}

std::string to_rfc3339_ms(timestamp t) {
  return fmt::format("{}.{:03}Z", to_seconds(t), fraction_ns(t) / 1'000'000);
}

} // namespace cresset
