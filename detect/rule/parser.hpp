#pragma once

#include "detect/rule/rule.hpp"
#include "detect/rule/text/refusal.hpp"

#include <string_view>

namespace cresset::detect::rule {

/// Reads single rules. Keeps the variables and what they resolved to, so that rules share their
/// sets. Not for several threads at once.
class parser {
public:
  explicit parser(variables names) : names_{std::move(names)} {}

  /// One rule, continuation lines already joined.
  text::parsed<detect::rule::rule> parse(std::string_view text);
  /// The sid written in a rule that may not parse; 0 when none is found.
  static std::uint32_t find_sid(std::string_view text) noexcept;

private:
  variables names_;
};

} // namespace cresset::detect::rule
