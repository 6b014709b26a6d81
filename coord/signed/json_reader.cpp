// A strict reader: whatever two parsers could understand differently is an error here, because a
// signature must not mean two things. Duplicate names, lone surrogates, integers that a double
// cannot hold, invalid UTF-8 and text behind the value are refused (RFC 8259 leaves them open, RFC
// 7493 and RFC 8785 close them). Depth, size and the number of values are bounded, so that hostile
// bytes cost a bounded stack and heap.
#include "coord/signed/json_reader.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace cresset::coord::signed_ {
namespace {

void append_utf8(std::string& out, unsigned code) {
  const auto put = [&](unsigned byte) {
    out += static_cast<char>(static_cast<unsigned char>(byte));
  };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xc0U | code >> 6);
    put(0x80U | (code & 0x3fU));
  } else if (code < 0x10000) {
    put(0xe0U | code >> 12);
    put(0x80U | (code >> 6 & 0x3fU));
    put(0x80U | (code & 0x3fU));
  } else {
    put(0xf0U | code >> 18);
    put(0x80U | (code >> 12 & 0x3fU));
    put(0x80U | (code >> 6 & 0x3fU));
    put(0x80U | (code & 0x3fU));
  }
}

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

} // namespace

std::size_t utf8_sequence_length(std::string_view text) noexcept {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto continues = [&](std::size_t i) { return i < text.size() && (at(i) & 0xc0U) == 0x80; };
  const unsigned lead = at(0);
  if (lead < 0x80)
    return 1;
  if (lead >= 0xc2 && lead <= 0xdf)
    return continues(1) ? 2 : 0;
  if (lead >= 0xe0 && lead <= 0xef) {
    if (!continues(1) || !continues(2) || (lead == 0xe0 && at(1) < 0xa0) ||
        (lead == 0xed && at(1) > 0x9f))
      return 0;
    return 3;
  }
  if (lead >= 0xf0 && lead <= 0xf4) {
    if (!continues(1) || !continues(2) || !continues(3) || (lead == 0xf0 && at(1) < 0x90) ||
        (lead == 0xf4 && at(1) > 0x8f))
      return 0;
    return 4;
  }
  return 0;
}

bool json_reader::fail(json_errc code) noexcept {
  if (!error_)
    error_ = json_error{code, at_};
  return false;
}

void json_reader::skip_space() noexcept {
  while (at_ < text_.size() &&
         (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r'))
    ++at_;
}

bool json_reader::skip(char expected_character) noexcept {
  if (!at(expected_character))
    return fail(json_errc::syntax);
  ++at_;
  return true;
}

expected<json_value, json_error> json_reader::whole_text() {
  if (text_.size() > json_limit_bytes)
    return unexpected{json_error{json_errc::too_large, json_limit_bytes}};
  json_value read;
  skip_space();
  if (!value(read, 1))
    return unexpected{*error_};
  skip_space();
  if (at_ != text_.size())
    return unexpected{json_error{json_errc::trailing_text, at_}};
  return read;
}

bool json_reader::value(json_value& into, std::size_t depth) {
  if (++values_ > json_limit_values)
    return fail(json_errc::too_many_values);
  if (at_ >= text_.size())
    return fail(json_errc::syntax);
  switch (text_[at_]) {
  case '{': return object(into, depth);
  case '[': return array(into, depth);
  case '"': {
    std::string text;
    if (!string(text))
      return false;
    into = json_value{std::move(text)};
    return true;
  }
  case 't': into = true; return literal("true");
  case 'f': into = false; return literal("false");
  case 'n': into = json_value{}; return literal("null");
  default: return number(into);
  }
}

bool json_reader::literal(std::string_view word) {
  if (text_.substr(at_, word.size()) != word)
    return fail(json_errc::syntax);
  at_ += word.size();
  return true;
}

bool json_reader::object(json_value& into, std::size_t depth) {
  if (depth > json_limit_depth)
    return fail(json_errc::too_deep);
  ++at_;
  json_value::object members;
  skip_space();
  if (!at('}')) {
    do {
      if (!member(members, depth))
        return false;
      skip_space();
    } while (at(',') && skip(','));
  }
  if (!skip('}') || !sort_members(members))
    return false;
  into = json_value{std::move(members)};
  return true;
}

bool json_reader::member(json_value::object& into, std::size_t depth) {
  skip_space();
  if (!at('"'))
    return fail(json_errc::syntax);
  json_member read;
  if (!string(read.name))
    return false;
  skip_space();
  if (!skip(':'))
    return false;
  skip_space();
  if (!value(read.value, depth + 1))
    return false;
  into.push_back(std::move(read));
  return true;
}

bool json_reader::sort_members(json_value::object& members) {
  std::sort(members.begin(), members.end(),
            [](const json_member& a, const json_member& b) { return utf16_less(a.name, b.name); });
  const auto twice =
      std::adjacent_find(members.begin(), members.end(),
                         [](const auto& a, const auto& b) { return a.name == b.name; });
  return twice == members.end() || fail(json_errc::duplicate_name);
}

bool json_reader::array(json_value& into, std::size_t depth) {
  if (depth > json_limit_depth)
    return fail(json_errc::too_deep);
  ++at_;
  json_value::array elements;
  skip_space();
  if (!at(']')) {
    do {
      skip_space();
      json_value element;
      if (!value(element, depth + 1))
        return false;
      elements.push_back(std::move(element));
      skip_space();
    } while (at(',') && skip(','));
  }
  if (!skip(']'))
    return false;
  into = json_value{std::move(elements)};
  return true;
}

bool json_reader::string(std::string& into) {
  ++at_;
  while (at_ < text_.size()) {
    if (text_[at_] == '"') {
      ++at_;
      return true;
    }
    if (text_[at_] == '\\' ? !escape(into) : !plain_run(into))
      return false;
  }
  return fail(json_errc::syntax);
}

bool json_reader::plain_run(std::string& into) {
  const std::size_t from = at_;
  while (at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\\') {
    if (static_cast<unsigned char>(text_[at_]) < 0x20)
      return fail(json_errc::syntax);
    const std::size_t length = utf8_sequence_length(text_.substr(at_));
    if (length == 0)
      return fail(json_errc::bad_utf8);
    at_ += length;
  }
  into.append(text_, from, at_ - from);
  return true;
}

bool json_reader::escape(std::string& into) {
  ++at_;
  if (at_ >= text_.size())
    return fail(json_errc::syntax);
  switch (text_[at_++]) {
  case '"': into += '"'; return true;
  case '\\': into += '\\'; return true;
  case '/': into += '/'; return true;
  case 'b': into += '\b'; return true;
  case 'f': into += '\f'; return true;
  case 'n': into += '\n'; return true;
  case 'r': into += '\r'; return true;
  case 't': into += '\t'; return true;
  case 'u': return unicode_escape(into);
  default: --at_; return fail(json_errc::syntax);
  }
}

bool json_reader::unicode_escape(std::string& into) {
  unsigned code = 0;
  if (!hex4(code))
    return false;
  if (code >= 0xdc00 && code <= 0xdfff)
    return fail(json_errc::lone_surrogate);
  if (code >= 0xd800 && code <= 0xdbff) {
    unsigned low = 0;
    if (text_.substr(at_, 2) != "\\u")
      return fail(json_errc::lone_surrogate);
    at_ += 2;
    if (!hex4(low))
      return false;
    if (low < 0xdc00 || low > 0xdfff)
      return fail(json_errc::lone_surrogate);
    code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
  }
  append_utf8(into, code);
  return true;
}

bool json_reader::hex4(unsigned& code) {
  if (text_.size() - at_ < 4)
    return fail(json_errc::syntax);
  const char* end = text_.data() + at_ + 4;
  const auto read = std::from_chars(text_.data() + at_, end, code, 16);
  if (read.ec != std::errc{} || read.ptr != end)
    return fail(json_errc::syntax);
  at_ += 4;
  return true;
}

bool json_reader::digits() {
  const std::size_t from = at_;
  while (at_ < text_.size() && is_digit(text_[at_]))
    ++at_;
  return at_ != from || fail(json_errc::syntax);
}

bool json_reader::number(json_value& into) {
  const std::size_t from = at_;
  bool is_integer = true;
  if (at('-'))
    ++at_;
  if (at('0'))
    ++at_;
  else if (!digits())
    return false;
  if (at('.')) {
    is_integer = false;
    ++at_;
    if (!digits())
      return false;
  }
  if (at('e') || at('E')) {
    is_integer = false;
    ++at_;
    if (at('+') || at('-'))
      ++at_;
    if (!digits())
      return false;
  }
  double read = 0;
  const auto end = std::from_chars(text_.data() + from, text_.data() + at_, read);
  // Too small for a double reads as out of range as well: strtod would say 0, another reader the
  // least denormal.
  if (end.ec != std::errc{} || !std::isfinite(read))
    return fail(json_errc::number_out_of_range);
  if (is_integer && std::abs(read) > static_cast<double>(json_value::largest_integer))
    return fail(json_errc::unsafe_integer);
  into = read;
  return true;
}

} // namespace cresset::coord::signed_
