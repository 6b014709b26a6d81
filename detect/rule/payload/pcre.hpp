#pragma once

#include "detect/rule/text/text_cursor.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace cresset::detect::rule::payload {

/// `pcre:"/pattern/flags"`, cut but not compiled.
struct pcre {
  /// Longest expression taken, in bytes.
  static constexpr std::size_t pattern_limit = 8'192;
  enum class scope : std::uint8_t { flow, packet, alert };
  /// Where the text of a capture group goes: group n is captures[n - 1].
  struct capture {
    scope where{};
    std::string name;
  };

  std::string pattern;
  std::vector<capture> captures;
  std::string_view
      buffer; ///< what an old buffer letter (U, P, H, …) names: "http.uri"; empty without one
  bool negated = false;
  bool relative = false;        ///< R: begins at the end of the match before it
  bool caseless = false;        ///< i
  bool multiline = false;       ///< m
  bool dot_all = false;         ///< s
  bool extended = false;        ///< x
  bool anchored = false;        ///< A
  bool dollar_end_only = false; ///< E
  bool ungreedy = false;        ///< G
  bool own_match_limit = false; ///< O: not the global match limit
};

/// Reads `"/…/flags"` or `!"/…/flags"`, with captures named behind it (`"/…/, flow:a, pkt:b"`).
text::parsed<pcre> parse_pcre(text::text_cursor in);

} // namespace cresset::detect::rule::payload
