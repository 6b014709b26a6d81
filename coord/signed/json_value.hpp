#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace cresset::coord::signed_ {

struct json_member;

/// One JSON value as a tree that owns its text. An object keeps its members in canonical order
/// (UTF-16 code units of the names) and each name once. Numbers are doubles, as in RFC 8785; an
/// integer outside ±(2^53 - 1) is no number here.
class json_value {
public:
  using array = std::vector<json_value>;
  using object = std::vector<json_member>;

  /// ±(2^53 - 1): beyond it a double no longer tells neighbours apart.
  static constexpr std::int64_t largest_integer = 9007199254740991;

  json_value() = default; ///< null
  json_value(bool value) : held_{value} {}
  json_value(double value) : held_{value} {}
  json_value(int value) : held_{static_cast<double>(value)} {}
  /// Precondition: |value| <= largest_integer; anything that may be larger travels as text.
  json_value(std::int64_t value);
  json_value(std::uint64_t value);
  json_value(std::string value) : held_{std::move(value)} {}
  json_value(std::string_view value) : held_{std::string{value}} {}
  json_value(const char* value) : held_{std::string{value}} {}
  json_value(array value) : held_{std::move(value)} {}
  /// Members in any order. Precondition: no name twice.
  json_value(object members);

  static json_value empty_object();

  bool is_null() const noexcept { return std::holds_alternative<std::monostate>(held_); }
  const bool* boolean() const noexcept { return std::get_if<bool>(&held_); }
  const double* number() const noexcept { return std::get_if<double>(&held_); }
  const std::string* text() const noexcept { return std::get_if<std::string>(&held_); }
  const array* elements() const noexcept { return std::get_if<array>(&held_); }
  const object* members() const noexcept { return std::get_if<object>(&held_); }

  /// The number as an integer of 0..largest_integer; nothing if it is none.
  std::optional<std::uint64_t> whole() const noexcept;

  /// The member of that name, nullptr if this is no object or has none. It lives as long as this
  /// value is unchanged.
  const json_value* find(std::string_view name) const noexcept;
  /// The text of that member; nothing if it is missing or no text. The view lives as long as this
  /// value.
  std::optional<std::string_view> text_of(std::string_view name) const noexcept;
  std::optional<std::uint64_t> whole_of(std::string_view name) const noexcept;

  /// Adds or replaces a member. Precondition: this is an object.
  void set(std::string_view name, json_value value);

  friend bool operator==(const json_value&, const json_value&) = default;

private:
  std::variant<std::monostate, bool, double, std::string, array, object> held_;
};

struct json_member {
  std::string name;
  json_value value;
  friend bool operator==(const json_member&, const json_member&) = default;
};

/// The order of RFC 8785 section 3.2.3: by UTF-16 code units. Both must be valid UTF-8. It differs
/// from the order of bytes only where a character above U+FFFF meets one of U+E000..U+FFFF.
bool utf16_less(std::string_view a, std::string_view b) noexcept;

} // namespace cresset::coord::signed_
