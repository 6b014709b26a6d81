#pragma once

#include "detect/rule/payload/operand.hpp"
#include "detect/rule/text/text_cursor.hpp"

#include <optional>
#include <string>

namespace cresset::detect::rule::payload {

class variable_names;

/// `content`: a run of bytes and where it must lie. Offset and depth count from the start of the
/// buffer, distance and within from the end of the match before it.
struct content {
  /// Longest pattern taken, in bytes.
  static constexpr std::size_t pattern_limit = 8'192;
  enum class prefilter : std::uint8_t { automatic, whole, only, part };

  std::string pattern; ///< the bytes to find
  std::optional<operand> offset;
  std::optional<operand> depth;
  std::optional<operand> distance;
  std::optional<operand> within;
  bool negated = false;
  bool nocase = false;
  bool rawbytes = false;
  bool starts_with = false; ///< offset 0 and depth of the pattern's length are set with it
  bool ends_with = false;
  prefilter fast_pattern = prefilter::automatic;
  std::uint16_t part_offset = 0; ///< with prefilter::part: the bytes of the pattern to use
  std::uint16_t part_length = 0;

  bool is_relative() const noexcept { return distance || within; }
};

/// Reads `"text|0d 0a|text"` or `!"…"`: hexadecimal between bars, \" \; \\ \: for themselves.
text::parsed<content> parse_content(text::text_cursor in);

/// Applies one modifier (`nocase`, `offset`, `depth`, `distance`, `within`, `startswith`,
/// `endswith`, `rawbytes`, `fast_pattern`) written behind the content. Refuses a modifier given
/// twice and what check() would refuse on its own.
text::parsed<void> modify(content& target, std::string_view modifier, text::text_cursor value,
                          const variable_names& variables);
/// Refuses combinations that exclude each other or can never match, as the reference does; writes
/// startswith as offset and depth. Call it once, when no modifier can follow.
text::parsed<void> check(content& complete, std::size_t at);

} // namespace cresset::detect::rule::payload
