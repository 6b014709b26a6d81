#include "detect/rule/payload/transform.hpp"

#include "detect/rule/text/lexer.hpp"

#include <utility>

namespace cresset::detect::rule::payload {

using text::errc;
using text::parsed;
using text::text_cursor;

namespace {

using kind = transform::kind;

/// Output of gunzip and zlib_deflate where the rule does not say.
constexpr std::uint32_t decompressed_default_bytes = 1'024;
constexpr std::size_t key_limit_bytes = 255;

constexpr std::pair<std::string_view, kind> kinds[] = {
    {"compress_whitespace", kind::compress_whitespace},
    {"domain", kind::domain},
    {"dotprefix", kind::dotprefix},
    {"from_base64", kind::from_base64},
    {"gunzip", kind::gunzip},
    {"header_lowercase", kind::header_lowercase},
    {"pcrexform", kind::pcrexform},
    {"strip_pseudo_headers", kind::strip_pseudo_headers},
    {"strip_whitespace", kind::strip_whitespace},
    {"tld", kind::tld},
    {"to_lowercase", kind::to_lowercase},
    {"to_md5", kind::to_md5},
    {"to_sha1", kind::to_sha1},
    {"to_sha256", kind::to_sha256},
    {"to_uppercase", kind::to_uppercase},
    {"url_decode", kind::url_decode},
    {"xor", kind::exclusive_or},
    {"zlib_deflate", kind::zlib_deflate},
};

std::optional<std::uint32_t> number_behind(text_cursor piece, std::string_view word) {
  if (!piece.skip_caseless(word))
    return std::nullopt;
  piece.skip_blanks();
  const auto number = piece.number();
  if (!number || !piece.empty() || *number > UINT32_MAX)
    return std::nullopt;
  return static_cast<std::uint32_t>(*number);
}

parsed<transform> read_base64(transform made, text_cursor value) {
  if (value.empty())
    return made;
  const auto pieces = text::split(value, ',', 3);
  if (!pieces)
    return unexpected{pieces.error()};
  for (auto piece : *pieces) {
    if (const auto bytes = number_behind(piece, "bytes"); bytes && *bytes > 0 && *bytes <= 65'535)
      made.bytes = *bytes;
    else if (const auto offset = number_behind(piece, "offset"); offset && *offset <= 65'535)
      made.offset = *offset;
    else if (text::equals_caseless(piece.rest(), "mode rfc4648"))
      made.mode = transform::base64_mode::rfc4648;
    else if (text::equals_caseless(piece.rest(), "mode rfc2045"))
      made.mode = transform::base64_mode::rfc2045;
    else if (text::equals_caseless(piece.rest(), "mode strict"))
      made.mode = transform::base64_mode::strict;
    else
      return piece.fail(errc::unknown_value, "bytes, offset or mode is expected");
  }
  return made;
}

parsed<transform> read_decompression(transform made, text_cursor value) {
  made.bytes = decompressed_default_bytes;
  if (value.empty())
    return made;
  const auto most = number_behind(value, "max-size");
  if (!most || *most == 0)
    return value.fail(errc::unknown_value, "max-size and a number above 0 are expected");
  made.bytes = *most;
  return made;
}

parsed<transform> read_key(transform made, text_cursor value) {
  const auto quoted = text::unquote(value.rest(), value.position());
  if (!quoted)
    return unexpected{quoted.error()};
  const auto digits = quoted->text;
  if (quoted->negated || digits.empty() || digits.size() % 2 != 0 ||
      digits.size() > 2 * key_limit_bytes)
    return value.fail(errc::syntax, "a key of 1 to 255 bytes in hexadecimal is expected");
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    const auto pair = "0x" + std::string{digits.substr(i, 2)};
    text_cursor in{pair};
    const auto byte = in.number();
    if (!byte || !in.empty())
      return value.fail(errc::syntax, "a key of 1 to 255 bytes in hexadecimal is expected");
    made.argument.push_back(static_cast<char>(*byte));
  }
  return made;
}

parsed<transform> read_expression(transform made, text_cursor value) {
  const auto quoted = text::unquote(value.rest(), value.position());
  if (!quoted)
    return unexpected{quoted.error()};
  if (quoted->negated || quoted->text.empty())
    return value.fail(errc::syntax, "an expression in quotes is expected");
  made.argument = quoted->text;
  return made;
}

parsed<transform> read(transform made, text_cursor value) {
  switch (made.what) {
  case kind::from_base64: return read_base64(std::move(made), value);
  case kind::gunzip:
  case kind::zlib_deflate: return read_decompression(std::move(made), value);
  case kind::exclusive_or: return read_key(std::move(made), value);
  case kind::pcrexform: return read_expression(std::move(made), value);
  default: break;
  }
  if (!value.empty())
    return value.fail(errc::syntax, "the transform takes no value");
  return made;
}

} // namespace

std::optional<parsed<transform>> parse_transform(std::string_view name, text_cursor value) {
  for (const auto& [word, what] : kinds)
    if (word == name) {
      transform made;
      made.what = what;
      return read(std::move(made), value.trimmed());
    }
  if (name == "luaxform")
    return value.fail(errc::not_supported, "Lua is not supported");
  return std::nullopt;
}

} // namespace cresset::detect::rule::payload
