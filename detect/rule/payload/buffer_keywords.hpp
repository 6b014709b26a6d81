#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace cresset::detect::rule::payload {

/// Where a buffer's bytes come from.
enum class buffer_source : std::uint8_t {
  payload,     ///< packet payload or stream: "", which `pkt_data` selects
  packet,      ///< a header of the packet: "ipv4.hdr", "ip.src"
  transaction, ///< an application protocol's transaction
  file,        ///< a file, whatever protocol carries it
  frame,       ///< a frame of a protocol
  decoded,     ///< what base64_decode left
};

/// A keyword that selects a buffer: as a sticky buffer before its contents or, where `modifier`
/// says so, behind a content.
struct buffer_keyword {
  std::string_view keyword; ///< as rules write it, old aliases as well
  std::string_view name;    ///< the canonical name: "http.uri"
  std::string_view
      protocols; ///< the application protocols that have it, blanks between; empty: any
  buffer_source source{};
  bool modifier = false; ///< behind a content, for that content alone
  bool several =
      false; ///< a transaction may have several instances; selected again means another instance
  bool both_ways =
      false; ///< exists in requests and in answers; the rule may say which (`:to_client`)
};

/// All of them, sorted by keyword.
std::span<const buffer_keyword> buffer_keywords() noexcept;
/// The entry of `keyword` (lower case), null when there is none.
const buffer_keyword* find_buffer_keyword(std::string_view keyword) noexcept;

} // namespace cresset::detect::rule::payload
