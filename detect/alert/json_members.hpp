#pragma once

#include <string_view>

namespace cresset::detect::alert {

/// Whether `text` is a run of JSON members without the braces around them (`"a":1,"b":{…}`) in
/// strict RFC 8259 syntax and at most 32 levels deep; nothing at all counts as such a run. Printing
/// it between braces then gives a valid object, whoever wrote it. Strings must be UTF-8 and their
/// escapes whole; NUL is refused even as \u0000, because PostgreSQL cannot keep it.
bool is_json_members(std::string_view text) noexcept;

} // namespace cresset::detect::alert
