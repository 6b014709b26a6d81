#pragma once

#include "capture/base/expected.hpp"
#include "coord/signed/json_value.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace cresset::coord::signed_ {

/// Limits of every JSON text that comes from or goes to a partner.
inline constexpr std::size_t json_limit_bytes = 1024 * 1024;
inline constexpr std::size_t json_limit_depth = 64;
/// Array elements and object members together: bounds the tree a small text can grow into.
inline constexpr std::size_t json_limit_values = 100'000;

enum class json_errc {
  too_large,
  too_deep,
  too_many_values,
  syntax,
  bad_utf8,
  lone_surrogate,
  duplicate_name,
  unsafe_integer,
  number_out_of_range,
  trailing_text,
};
/// One sentence in plain words.
std::string_view to_string(json_errc error) noexcept;

struct json_error {
  json_errc code;
  std::size_t offset =
      0; ///< of the byte where reading stopped; 0 for values that cannot be written
};

/// Reads one JSON text (RFC 8259) strictly: what I-JSON (RFC 7493) forbids is an error, not a
/// guess. Never throws on what `text` holds.
expected<json_value, json_error> read_json(std::string_view text);

/// Writes the one canonical form of RFC 8785. Fails for text that is not UTF-8, NaN, infinities,
/// and past the limits.
expected<std::string, json_error> write_canonical(const json_value& value);

/// Reads and writes again: the canonical form of any JSON text.
expected<std::string, json_error> canonicalize(std::string_view text);

/// Reads a text that must already be canonical, byte for byte; `syntax` at offset 0 when it is
/// valid JSON in another form.
expected<json_value, json_error> read_canonical(std::string_view text);

/// Appends the number as ECMAScript writes it (RFC 8785 section 3.2.2.3). Precondition: finite.
void append_es6_number(std::string& out, double value);

} // namespace cresset::coord::signed_
