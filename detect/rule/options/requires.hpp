#pragma once

#include "detect/rule/text/text_cursor.hpp"

#include <compare>
#include <functional>
#include <string_view>

namespace cresset::detect::rule::options {

/// The version of the rule language we read, as `requires` compares it: the reference's that our
/// behaviour follows.
struct language_version {
  unsigned major = 8;
  unsigned minor = 0;
  unsigned patch = 8;
  friend constexpr auto operator<=>(const language_version&,
                                    const language_version&) noexcept = default;
};

/// Reads `requires: version >= 7.0.3 < 8 | >= 8.0.3, keyword foo, feature bar` and says whether it
/// is met. A requirement of a kind nobody knows is not met. `knows_keyword` answers for keywords.
text::parsed<bool> is_met(text::text_cursor in,
                          const std::function<bool(std::string_view)>& knows_keyword,
                          language_version have = {});

} // namespace cresset::detect::rule::options
