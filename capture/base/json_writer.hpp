#pragma once

#include "capture/base/byte_order.hpp"

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace cresset {

/// Appends one JSON value to a string, in the order of the calls and without a tree in between: the
/// writer of event lines. Text that is not UTF-8 is written with each wrong byte as the two
/// characters of its escape `\\xHH`, the way event logs of the field do, so that every line parses.
/// Commas are its own business; nesting is the caller's.
class json_writer {
public:
  explicit json_writer(std::string& out) noexcept : out_{out} {}
  /// Goes on inside an object that has members already.
  json_writer(std::string& out, bool has_members) noexcept : out_{out}, first_{!has_members} {}

  json_writer& begin_object();
  json_writer& end_object();
  json_writer& begin_array();
  json_writer& end_array();
  /// The next value belongs to `name`; inside an object only.
  json_writer& key(std::string_view name);

  json_writer& text(std::string_view value);
  json_writer& number(std::int64_t value);
  json_writer& number(std::uint64_t value);
  json_writer& real(double value);
  json_writer& boolean(bool value);
  json_writer& null();
  /// A value that is JSON already.
  json_writer& raw(std::string_view json);
  /// The bytes in base64 (RFC 4648 section 4).
  json_writer& base64(byte_view bytes);

  json_writer& member(std::string_view name, std::string_view value) {
    return key(name).text(value);
  }
  json_writer& member(std::string_view name, const char* value) { return key(name).text(value); }
  json_writer& member(std::string_view name, bool value) { return key(name).boolean(value); }
  template <std::signed_integral Number>
  json_writer& member(std::string_view name, Number value) {
    return key(name).number(static_cast<std::int64_t>(value));
  }
  template <std::unsigned_integral Number>
  requires(!std::same_as<Number, bool>) json_writer& member(std::string_view name, Number value) {
    return key(name).number(static_cast<std::uint64_t>(value));
  }

private:
  void separate();

  std::string& out_;
  bool first_ = true; // nothing yet stands in the innermost object or array
};

} // namespace cresset
