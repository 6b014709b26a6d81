// A letter for the list, then (severity, time in ns, id) in hex with fixed widths: "g" 8 16 16.
#include "coord/api/cursor.hpp"

#include <fmt/format.h>

#include <charconv>

namespace cresset::coord::api {

namespace {

struct numbers {
  int severity;
  std::int64_t at_ns;
  std::int64_t id;
};

constexpr std::size_t severity_digits = 8;
constexpr std::size_t long_digits = 16;

std::string written(char list, const numbers& n) {
  return fmt::format("{}{:08x}{:016x}{:016x}", list, static_cast<std::uint32_t>(n.severity),
                     static_cast<std::uint64_t>(n.at_ns), static_cast<std::uint64_t>(n.id));
}

std::optional<std::int64_t> hex(std::string_view digits) noexcept {
  std::uint64_t value = 0;
  const auto* const end = digits.data() + digits.size();
  const auto [stopped, failed] = std::from_chars(digits.data(), end, value, 16);
  if (failed != std::errc{} || stopped != end || value > static_cast<std::uint64_t>(INT64_MAX))
    return std::nullopt;
  return static_cast<std::int64_t>(value);
}

std::optional<numbers> read(char list, std::string_view cursor) noexcept {
  if (cursor.size() != 1 + severity_digits + 2 * long_digits || cursor.front() != list)
    return std::nullopt;
  const auto severity = hex(cursor.substr(1, severity_digits));
  const auto at = hex(cursor.substr(1 + severity_digits, long_digits));
  const auto id = hex(cursor.substr(1 + severity_digits + long_digits));
  if (!severity || !at || !id || *severity > 255 || *id == 0)
    return std::nullopt;
  return numbers{static_cast<int>(*severity), *at, *id};
}

} // namespace

std::string to_cursor(const incident::queue_key& key) {
  return written('g', {key.severity, to_ns(key.last_received), key.id.value});
}

std::string to_cursor(const incident::incident_key& key) {
  return written('i', {key.severity, to_ns(key.changed), key.id.value});
}

std::optional<incident::queue_key> queue_key_from(std::string_view cursor) noexcept {
  const auto n = read('g', cursor);
  if (!n)
    return std::nullopt;
  return incident::queue_key{n->severity, timestamp_from_ns(n->at_ns), {n->id}};
}

std::optional<incident::incident_key> incident_key_from(std::string_view cursor) noexcept {
  const auto n = read('i', cursor);
  if (!n)
    return std::nullopt;
  return incident::incident_key{n->severity, timestamp_from_ns(n->at_ns), {n->id}};
}

} // namespace cresset::coord::api
