#pragma once

#include "detect/rule/rule_builder.hpp"
#include "detect/rule/text/text_cursor.hpp"

#include <string_view>

namespace cresset::detect::rule {

/// Reads the option `keyword` (lower case) into the rule that is being built.
text::parsed<void> read_option(rule_builder& building, std::string_view keyword,
                               text::text_cursor value);

/// True when read_option has a reader for it. Lower case.
bool knows_keyword(std::string_view keyword) noexcept;

} // namespace cresset::detect::rule
