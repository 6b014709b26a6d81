#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace cresset::detect::alert {

/// Whether the text is UTF-8 (RFC 3629) without a NUL: what every store and every JSON reader
/// takes.
bool is_clean_utf8(std::string_view text) noexcept;

/// At most `limit_bytes` of the text, cut between characters; each byte that is not UTF-8, and each
/// NUL, becomes "?".
std::string to_clean_utf8(std::string_view text, std::size_t limit_bytes);

/// Length of the valid character at the front of `text` (1 to 4), 0 if there is none. A NUL is
/// valid here.
std::size_t utf8_length(std::string_view text) noexcept;

} // namespace cresset::detect::alert
