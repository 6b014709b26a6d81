#include "coord/journal/tombstone.hpp"

#include <fmt/format.h>

#include <charconv>

namespace cresset::coord::journal {
namespace {
constexpr std::string_view member = "\"erased_sequence\":";
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

std::optional<std::int64_t> erased_sequence(const entry& of) {
  if (of.kind != kind::erased || !of.body)
    return std::nullopt;
  // The member stands last; the text before it is escaped, so that a quotation mark in it cannot
  // pass for ours.
  const auto at = of.body->rfind(member);
  if (at == std::string::npos)
    return std::nullopt;
  std::int64_t sequence = 0;
  const char* const begin = of.body->data() + at + member.size();
  const auto read = std::from_chars(begin, of.body->data() + of.body->size(), sequence);
  if (read.ec != std::errc{} || *read.ptr != '}')
    return std::nullopt;
  return sequence;
}

entry tombstone_of(entry of) {
  of.body.reset();
  of.salt.reset();
  return of;
}

} // namespace cresset::coord::journal
