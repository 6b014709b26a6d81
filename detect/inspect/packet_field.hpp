#pragma once

#include "detect/inspect/subject.hpp"
#include "detect/rule/options/number_match.hpp"

#include <optional>
#include <string_view>

namespace cresset::detect::inspect {

/// A number that a packet or a flow has, by the keyword that compares it. The table is the list a
/// new such keyword adds its line to.
struct packet_field {
  std::string_view name;
  /// The number, or nothing when this packet has none (an ICMP type of a TCP segment). For a flow's
  /// two counts `side` says which.
  std::optional<std::uint64_t> (*value)(const subject& on,
                                        rule::options::number_match::side side) noexcept = nullptr;

  /// Applies the comparison, with `either` and `both` sides.
  static bool matches(const packet_field& field, const rule::options::number_match& test,
                      const subject& on) noexcept;
};

/// Null for a keyword that no packet or flow has.
const packet_field* find_packet_field(std::string_view name) noexcept;

/// Bytes of the buffers that packets themselves have ("ipv4.hdr", "tcp.hdr"); nothing when this
/// packet lacks it.
std::optional<byte_view> packet_buffer(std::string_view name, const subject& on) noexcept;

} // namespace cresset::detect::inspect
