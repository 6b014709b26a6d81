#pragma once

#include "detect/rule/text/refusal.hpp"

#include <string_view>
#include <vector>

namespace cresset::detect::rule::text {

/// Longest rule taken, in bytes.
inline constexpr std::size_t rule_limit_bytes = 65'536;
/// Most options of one rule.
inline constexpr std::size_t option_limit = 512;

/// One `name:value;` of a rule. Both view the rule's text; the value is without blanks around it
/// and still quoted.
struct raw_option {
  std::string_view name;
  std::string_view value;
  std::size_t name_at = 0;  ///< where the name begins in the text
  std::size_t value_at = 0; ///< where the value begins
  bool has_value = false;   ///< a ':' was written
};

/// A rule cut into its seven header words and its options. Views the text it was cut from.
struct raw_rule {
  struct header_word {
    std::string_view text;
    std::size_t at = 0;
  };
  std::vector<header_word> header; ///< action protocol source port direction destination port
  std::vector<raw_option> options;
};

/// Cuts one rule. A ';' ends an option, in quotes as well, unless a backslash stands before it.
parsed<raw_rule> cut(std::string_view rule);

/// The text inside the quotes of `value` with `!` before it read as negation. Escapes stay as they
/// are.
struct quoted_value {
  std::string_view text;
  std::size_t at = 0;
  bool negated = false;
};
parsed<quoted_value> unquote(std::string_view value, std::size_t at);

} // namespace cresset::detect::rule::text
