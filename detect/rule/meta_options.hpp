#pragma once

#include "detect/rule/rule.hpp"
#include "detect/rule/text/text_cursor.hpp"

#include <string_view>

namespace cresset::detect::rule {

/// Reads msg, sid, rev, gid, classtype, priority, reference, metadata, target or requires (whose
/// requirement the parser has weighed before) into the rule.
text::parsed<void> read_meta_option(rule& into, std::string_view keyword, text::text_cursor value);

} // namespace cresset::detect::rule
