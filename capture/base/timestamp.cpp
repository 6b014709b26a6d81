#include "capture/base/timestamp.hpp"

#include <array>
#include <charconv>

namespace cresset {
namespace {

/// Exactly so many digits, from the left.
void append_padded(std::string& out, std::int64_t value, std::size_t width) {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  const auto size = static_cast<std::size_t>(end - digits.data());
  if (size < width)
    out.append(width - size, '0');
  out.append(digits.data(), size);
}

// Howard Hinnant's civil calendar, as std::chrono has it: no time zone, no tm, no locale.
std::string to_seconds(timestamp t) {
  const auto day = std::chrono::floor<std::chrono::days>(t);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{std::chrono::floor<std::chrono::seconds>(t) - day};
  std::string text;
  text.reserve(32);
  append_padded(text, static_cast<int>(date.year()), 4);
  append_padded(text += '-', static_cast<unsigned>(date.month()), 2);
  append_padded(text += '-', static_cast<unsigned>(date.day()), 2);
  append_padded(text += 'T', time.hours().count(), 2);
  append_padded(text += ':', time.minutes().count(), 2);
  append_padded(text += ':', time.seconds().count(), 2);
  return text;
}

std::int64_t fraction_ns(timestamp t) {
  return (t - std::chrono::floor<std::chrono::seconds>(t)).count();
}

} // namespace

timestamp now() noexcept {
  return std::chrono::time_point_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now());
}

std::string to_eve_time(timestamp t) {
  auto text = to_seconds(t);
  append_padded(text += '.', fraction_ns(t) / 1000, 6);
  return text += "+0000";
}

std::string to_rfc3339_ms(timestamp t) {
  auto text = to_seconds(t);
  append_padded(text += '.', fraction_ns(t) / 1'000'000, 3);
  return text += 'Z';
}

} // namespace cresset
