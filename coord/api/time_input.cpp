#include "coord/api/time_input.hpp"

#include <algorithm>
#include <chrono>

namespace cresset::coord::api {
namespace {

/// Takes exactly `digits` digits from the front.
std::optional<int> number(std::string_view& text, std::size_t digits) {
  if (text.size() < digits)
    return std::nullopt;
  int value = 0;
  for (const char c : text.substr(0, digits)) {
    if (c < '0' || c > '9')
      return std::nullopt;
    value = value * 10 + (c - '0');
  }
  text.remove_prefix(digits);
  return value;
}

bool skip(std::string_view& text, char c) {
  if (text.empty() || text.front() != c)
    return false;
  text.remove_prefix(1);
  return true;
}

std::optional<timestamp> day(std::string_view& text) {
  const auto year = number(text, 4);
  if (!year || !skip(text, '-'))
    return std::nullopt;
  const auto month = number(text, 2);
  if (!month || !skip(text, '-'))
    return std::nullopt;
  const auto in_month = number(text, 2);
  if (!in_month)
    return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*in_month)}};
  if (!date.ok() || *year < 1970 || *year > 2199)
    return std::nullopt;
  return timestamp{std::chrono::sys_days{date}};
}

std::optional<std::chrono::nanoseconds> fraction(std::string_view& text) {
  if (!skip(text, '.'))
    return std::chrono::nanoseconds{0};
  std::int64_t value = 0;
  int digits = 0;
  for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; text.remove_prefix(1))
    if (++digits <= 9)
      value = value * 10 + (text.front() - '0');
  if (digits == 0)
    return std::nullopt;
  for (; digits < 9; ++digits)
    value *= 10;
  return std::chrono::nanoseconds{value};
}

/// "Z", "+06:00": what to take away to have UTC.
std::optional<std::chrono::minutes> offset(std::string_view& text) {
  if (skip(text, 'Z') || skip(text, 'z'))
    return std::chrono::minutes{0};
  const bool east = skip(text, '+');
  if (!east && !skip(text, '-'))
    return std::nullopt;
  const auto hours = number(text, 2);
  if (!hours || !skip(text, ':'))
    return std::nullopt;
  const auto minutes = number(text, 2);
  if (!minutes || *hours > 23 || *minutes > 59)
    return std::nullopt;
  const std::chrono::minutes all{*hours * 60 + *minutes};
  return east ? all : -all;
}

} // namespace

std::optional<timestamp> time_from(std::string_view text) noexcept {
  auto at = day(text);
  if (!at || text.empty())
    return at;
  if (!skip(text, 'T') && !skip(text, 't') && !skip(text, ' '))
    return std::nullopt;
  const auto hour = number(text, 2);
  if (!hour || !skip(text, ':'))
    return std::nullopt;
  const auto minute = number(text, 2);
  if (!minute || !skip(text, ':'))
    return std::nullopt;
  const auto second = number(text, 2);
  if (!second || *hour > 23 || *minute > 59 || *second > 60)
    return std::nullopt;
  const auto part = fraction(text);
  const auto away = offset(text);
  if (!part || !away || !text.empty())
    return std::nullopt;
  const auto made = *at + std::chrono::hours{*hour} + std::chrono::minutes{*minute} +
                    std::chrono::seconds{*second} + *part - *away;
  return made < timestamp{} ? std::nullopt : std::optional{made};
}

} // namespace cresset::coord::api
