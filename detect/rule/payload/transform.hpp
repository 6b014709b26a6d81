#pragma once

#include "detect/rule/text/text_cursor.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cresset::detect::rule::payload {

/// What is done to a buffer's bytes before its matches look at them.
struct transform {
  enum class kind : std::uint8_t {
    compress_whitespace,
    domain,
    dotprefix,
    from_base64,
    gunzip,
    header_lowercase,
    pcrexform,
    strip_pseudo_headers,
    strip_whitespace,
    tld,
    to_lowercase,
    to_md5,
    to_sha1,
    to_sha256,
    to_uppercase,
    url_decode,
    exclusive_or,
    zlib_deflate,
  };
  enum class base64_mode : std::uint8_t { rfc4648, rfc2045, strict };

  kind what{};
  base64_mode mode = base64_mode::rfc4648; ///< from_base64
  std::uint32_t bytes = 0;  ///< from_base64: at most so many encoded bytes; gunzip, zlib_deflate:
                            ///< most bytes out; 0: all
  std::uint32_t offset = 0; ///< from_base64
  std::string argument;     ///< pcrexform: the expression; exclusive_or: the key's bytes

  friend bool operator==(const transform&, const transform&) = default;
};

/// Reads the transform `name` with the value behind it; nothing when no transform has that name.
std::optional<text::parsed<transform>> parse_transform(std::string_view name,
                                                       text::text_cursor value);

} // namespace cresset::detect::rule::payload
