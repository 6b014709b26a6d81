// RFC 8785, the JSON Canonicalization Scheme. Members stand in the order of their names' UTF-16
// code units (json_value keeps them so); strings escape only what must be, as \b \t \n \f \r \"
// \\ and \u00xx in lower case; numbers are written as ECMAScript does: the shortest digits that
// read back as the same double (std::to_chars finds them), without an exponent from 1e-6 up to
// below 1e21, with one elsewhere. No white space, no Unicode normalisation.
#include "coord/signed/canonical_json.hpp"

#include "coord/signed/json_reader.hpp"

#include <array>
#include <cassert>
#include <charconv>
#include <cmath>

namespace cresset::coord::signed_ {
namespace {

class canonical_writer {
public:
  std::optional<json_errc> write(const json_value& value, std::size_t depth);
  std::string taken() && { return std::move(out_); }

private:
  std::optional<json_errc> text(std::string_view value);
  std::optional<json_errc> object(const json_value::object& members, std::size_t depth);
  std::optional<json_errc> array(const json_value::array& elements, std::size_t depth);

  std::string out_;
};

std::optional<json_errc> canonical_writer::text(std::string_view value) {
  static constexpr std::string_view hex = "0123456789abcdef";
  out_ += '"';
  while (!value.empty()) {
    const auto byte = static_cast<unsigned char>(value.front());
    const std::size_t length = utf8_sequence_length(value);
    if (length == 0)
      return json_errc::bad_utf8;
    switch (byte) {
    case '"': out_ += "\\\""; break;
    case '\\': out_ += "\\\\"; break;
    case '\b': out_ += "\\b"; break;
    case '\f': out_ += "\\f"; break;
    case '\n': out_ += "\\n"; break;
    case '\r': out_ += "\\r"; break;
    case '\t': out_ += "\\t"; break;
    default:
      if (byte < 0x20) {
        out_ += "\\u00";
        out_ += hex[byte >> 4];
        out_ += hex[byte & 15U];
      } else {
        out_.append(value, 0, length);
      }
    }
    value.remove_prefix(length);
  }
  out_ += '"';
  return std::nullopt;
}

std::optional<json_errc> canonical_writer::object(const json_value::object& members,
                                                  std::size_t depth) {
  out_ += '{';
  for (const json_member& member : members) {
    if (&member != &members.front())
      out_ += ',';
    if (const auto wrong = text(member.name))
      return wrong;
    out_ += ':';
    if (const auto wrong = write(member.value, depth + 1))
      return wrong;
  }
  out_ += '}';
  return std::nullopt;
}

std::optional<json_errc> canonical_writer::array(const json_value::array& elements,
                                                 std::size_t depth) {
  out_ += '[';
  for (const json_value& element : elements) {
    if (&element != &elements.front())
      out_ += ',';
    if (const auto wrong = write(element, depth + 1))
      return wrong;
  }
  out_ += ']';
  return std::nullopt;
}

std::optional<json_errc> canonical_writer::write(const json_value& value, std::size_t depth) {
  if (out_.size() > json_limit_bytes)
    return json_errc::too_large;
  if (const auto* number = value.number()) {
    if (!std::isfinite(*number))
      return json_errc::number_out_of_range;
    append_es6_number(out_, *number);
    return std::nullopt;
  }
  if (const auto* held = value.text())
    return text(*held);
  if (const auto* held = value.boolean()) {
    out_ += *held ? "true" : "false";
    return std::nullopt;
  }
  if (value.is_null()) {
    out_ += "null";
    return std::nullopt;
  }
  if (depth > json_limit_depth)
    return json_errc::too_deep;
  return value.members() != nullptr ? object(*value.members(), depth)
                                    : array(*value.elements(), depth);
}

} // namespace

std::string_view to_string(json_errc error) noexcept {
  switch (error) {
  case json_errc::too_large: return "larger than 1 MiB";
  case json_errc::too_deep: return "nested deeper than 64 levels";
  case json_errc::too_many_values: return "more than 100000 values";
  case json_errc::syntax: return "not JSON, or not in the form asked for";
  case json_errc::bad_utf8: return "text that is not UTF-8";
  case json_errc::lone_surrogate: return "half of a surrogate pair";
  case json_errc::duplicate_name: return "a member name twice in one object";
  case json_errc::unsafe_integer: return "an integer beyond 2^53 - 1 that must travel as text";
  case json_errc::number_out_of_range: return "a number that no double holds";
  case json_errc::trailing_text: return "text behind the value";
  }
  return "unknown error";
}

void append_es6_number(std::string& out, double value) {
  assert(std::isfinite(value));
  if (value == 0) { // and -0, which ECMAScript writes as 0
    out += '0';
    return;
  }
  if (value < 0) {
    out += '-';
    value = -value;
  }
  // "d.ddde±xx": the shortest digits, whose exponent says where the point belongs.
  std::array<char, 32> shortest;
  const auto end = std::to_chars(shortest.data(), shortest.data() + shortest.size(), value,
                                 std::chars_format::scientific);
  const std::string_view written{shortest.data(),
                                 static_cast<std::size_t>(end.ptr - shortest.data())};
  const auto mark = written.find('e');
  std::string digits{written.substr(0, 1)};
  if (mark > 2)
    digits += written.substr(2, mark - 2);
  int exponent = 0;
  const std::size_t sign = written[mark + 1] == '+' ? 1 : 0;
  std::from_chars(written.data() + mark + 1 + sign, written.data() + written.size(), exponent);

  const int count = static_cast<int>(digits.size());
  const int point =
      exponent + 1; // ECMA-262's n: the value is 0.digits times ten to the power of it
  if (count <= point && point <= 21) {
    out += digits;
    out.append(static_cast<std::size_t>(point - count), '0');
  } else if (0 < point && point <= 21) {
    out.append(digits, 0, static_cast<std::size_t>(point));
    out += '.';
    out.append(digits, static_cast<std::size_t>(point));
  } else if (-6 < point && point <= 0) {
    out += "0.";
    out.append(static_cast<std::size_t>(-point), '0');
    out += digits;
  } else {
    out += digits[0];
    if (count > 1) {
      out += '.';
      out.append(digits, 1);
    }
    out += exponent < 0 ? "e-" : "e+";
    out += std::to_string(std::abs(exponent));
  }
}

expected<json_value, json_error> read_json(std::string_view text) {
  return json_reader{text}.whole_text();
}

expected<std::string, json_error> write_canonical(const json_value& value) {
  canonical_writer writer;
  if (const auto wrong = writer.write(value, 1))
    return unexpected{json_error{*wrong, 0}};
  auto written = std::move(writer).taken();
  if (written.size() > json_limit_bytes)
    return unexpected{json_error{json_errc::too_large, 0}};
  return written;
}

expected<std::string, json_error> canonicalize(std::string_view text) {
  auto read = read_json(text);
  if (!read)
    return unexpected{read.error()};
  return write_canonical(*read);
}

expected<json_value, json_error> read_canonical(std::string_view text) {
  auto read = read_json(text);
  if (!read)
    return read;
  const auto written = write_canonical(*read);
  if (!written)
    return unexpected{written.error()};
  if (*written != text)
    return unexpected{json_error{json_errc::syntax, 0}};
  return read;
}

} // namespace cresset::coord::signed_
