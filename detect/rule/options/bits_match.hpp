#pragma once

#include "detect/rule/text/text_cursor.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace cresset::detect::rule::options {

/// A test of a set of named bits: `tcp.flags:S,12`, `fragbits:+M`, `mqtt.flags:dup,!retain`,
/// `ssl_version:!sslv2`. Bits are numbered as on the wire for tcp.flags (FIN is 1, CWR 128);
/// otherwise as the keyword's table says.
struct bits_match {
  enum class mode : std::uint8_t {
    exact, ///< of the bits not ignored, `wanted` and no other
    all,   ///< all of `wanted`
    any,   ///< one of `wanted` at least
    none,  ///< not all of `wanted`
    listed ///< all of `wanted` and none of `unwanted`
  };
  std::string_view field; ///< canonical keyword; lives as long as the program
  std::string_view
      protocols; ///< application protocols that have it, blanks between; empty for packets
  mode how = mode::exact;
  std::uint32_t wanted = 0;
  std::uint32_t unwanted = 0;
  std::uint32_t ignored = 0;

  constexpr bool operator()(std::uint32_t bits) const noexcept {
    switch (how) {
    case mode::exact: return (bits & ~ignored) == wanted;
    case mode::all: return (bits & wanted) == wanted;
    case mode::any: return (bits & wanted) != 0;
    case mode::none: return (bits & wanted) != wanted;
    case mode::listed: return (bits & wanted) == wanted && (bits & unwanted) == 0;
    }
    return false;
  }
};

/// Reads the keyword's value; nothing when the keyword is none of named bits.
std::optional<text::parsed<bits_match>> parse_bits_match(std::string_view keyword,
                                                         text::text_cursor in);

} // namespace cresset::detect::rule::options
