// Strings: a run of plain characters is appended at once; a byte that needs an escape, or is not
// part of valid UTF-8 (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF), ends
// the run. One pass, no allocation but the output's own growth.
#include "capture/base/json_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>

namespace cresset {
namespace {

/// Length of the valid UTF-8 sequence at the front of `text`, 0 if there is none.
std::size_t utf8_length(std::string_view text) noexcept {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto continues = [&](std::size_t i) { return i < text.size() && (at(i) & 0xc0U) == 0x80; };
  const unsigned lead = at(0);
  if (lead < 0x80)
    return 1;
  if (lead >= 0xc2 && lead <= 0xdf)
    return continues(1) ? 2 : 0;
  if (lead >= 0xe0 && lead <= 0xef) {
    if (!continues(1) || !continues(2))
      return 0;
    if ((lead == 0xe0 && at(1) < 0xa0) || (lead == 0xed && at(1) > 0x9f))
      return 0;
    return 3;
  }
  if (lead >= 0xf0 && lead <= 0xf4) {
    if (!continues(1) || !continues(2) || !continues(3))
      return 0;
    if ((lead == 0xf0 && at(1) < 0x90) || (lead == 0xf4 && at(1) > 0x8f))
      return 0;
    return 4;
  }
  return 0;
}

void append_escaped(std::string& out, char c) {
  switch (c) {
  case '"': out += "\\\""; return;
  case '\\': out += "\\\\"; return;
  case '\b': out += "\\b"; return;
  case '\f': out += "\\f"; return;
  case '\n': out += "\\n"; return;
  case '\r': out += "\\r"; return;
  case '\t': out += "\\t"; return;
  default:
    fmt::format_to(std::back_inserter(out), "\\u{:04x}",
                   static_cast<unsigned>(static_cast<unsigned char>(c)));
  }
}

void append_string(std::string& out, std::string_view text) {
  out += '"';
  std::size_t run = 0;
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\') {
      ++i;
      continue;
    }
    const std::size_t length = byte < 0x80 ? 0 : utf8_length(text.substr(i));
    if (length > 1) {
      i += length;
      continue;
    }
    out.append(text, run, i - run);
    if (byte < 0x80)
      append_escaped(out, text[i]);
    else
      fmt::format_to(std::back_inserter(out), "\\\\x{:02x}", static_cast<unsigned>(byte));
    run = ++i;
  }
  out.append(text, run, text.size() - run);
  out += '"';
}

template <typename Number>
void append_number(std::string& out, Number value) {
  std::array<char, 24> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out.append(digits.data(), end);
}

} // namespace

void json_writer::separate() {
  if (!first_)
    out_ += ',';
  first_ = false;
}

json_writer& json_writer::begin_object() {
  separate();
  out_ += '{';
  first_ = true;
  return *this;
}
json_writer& json_writer::end_object() {
  out_ += '}';
  first_ = false;
  return *this;
}
json_writer& json_writer::begin_array() {
  separate();
  out_ += '[';
  first_ = true;
  return *this;
}
json_writer& json_writer::end_array() {
  out_ += ']';
  first_ = false;
  return *this;
}
json_writer& json_writer::key(std::string_view name) {
  separate();
  append_string(out_, name);
  out_ += ':';
  first_ = true;
  return *this;
}
json_writer& json_writer::text(std::string_view value) {
  separate();
  append_string(out_, value);
  return *this;
}
json_writer& json_writer::number(std::int64_t value) {
  separate();
  append_number(out_, value);
  return *this;
}
json_writer& json_writer::number(std::uint64_t value) {
  separate();
  append_number(out_, value);
  return *this;
}
json_writer& json_writer::real(double value) {
  separate();
  fmt::format_to(std::back_inserter(out_), "{}", value);
  return *this;
}
json_writer& json_writer::boolean(bool value) {
  return raw(value ? "true" : "false");
}
json_writer& json_writer::null() {
  return raw("null");
}
json_writer& json_writer::raw(std::string_view json) {
  separate();
  out_ += json;
  return *this;
}

json_writer& json_writer::base64(byte_view bytes) {
  static constexpr std::string_view letters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  separate();
  out_ += '"';
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const auto left = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k)
      group = group << 8 | (k < left ? std::to_integer<std::uint32_t>(bytes[i + k]) : 0);
    for (std::size_t k = 0; k < 4; ++k)
      out_ += k <= left ? letters[group >> (18 - 6 * k) & 63U] : '=';
  }
  out_ += '"';
  return *this;
}

} // namespace cresset
