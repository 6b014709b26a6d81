#include "coord/journal/tombstone.hpp"

#include <fmt/format.h>

#include <charconv>

namespace cresset::coord::journal {
namespace {
constexpr std::string_view member = "\"erased_sequence\":";
constexpr std::string_view first_member = "\"erased_first\":";
constexpr std::string_view last_member = "\"erased_last\":";

/// The number at `at` if `end` stands right behind it.
std::optional<std::int64_t> number_at(std::string_view body, std::size_t at, char end) {
  std::int64_t number = 0;
  const char* const stop = body.data() + body.size();
  const auto read = std::from_chars(body.data() + at, stop, number);
  if (read.ec != std::errc{} || read.ptr == stop || *read.ptr != end)
    return std::nullopt;
  return number;
}
} // namespace

event erasure_of(const entry& erased, std::string by, std::string reason, timestamp at) {
  event what;
  what.kind = kind::erased;
  what.at = at;
  what.incident = erased.incident;
  what.group = erased.group;
  what.by = std::move(by);
  what.text = std::move(reason);
  what.detail = fmt::format("{}{}", member, erased.sequence);
  return what;
}

event erasure_of(erased_range range, std::string by, std::string reason, timestamp at) {
  event what;
  what.kind = kind::erased;
  what.at = at;
  what.by = std::move(by);
  what.text = std::move(reason);
  what.detail = fmt::format("{}{},{}{}", first_member, range.first, last_member, range.last);
  return what;
}

std::optional<erased_range> erased_by(const entry& of) {
  if (of.kind != kind::erased || !of.body)
    return std::nullopt;
  // Our members stand last; the text before them is escaped, so that a quotation mark in it cannot
  // pass for ours.
  const std::string_view body{*of.body};
  if (const auto one = body.rfind(member); one != std::string_view::npos) {
    const auto sequence = number_at(body, one + member.size(), '}');
    return sequence ? std::optional{erased_range{*sequence, *sequence}} : std::nullopt;
  }
  const auto first = body.rfind(first_member);
  const auto last = body.rfind(last_member);
  if (first == std::string_view::npos || last == std::string_view::npos || last < first)
    return std::nullopt;
  const auto from = number_at(body, first + first_member.size(), ',');
  const auto to = number_at(body, last + last_member.size(), '}');
  if (!from || !to || *to < *from)
    return std::nullopt;
  return erased_range{*from, *to};
}

entry tombstone_of(entry of) {
  of.body.reset();
  of.salt.reset();
  return of;
}

} // namespace cresset::coord::journal
