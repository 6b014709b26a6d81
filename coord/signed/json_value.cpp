#include "coord/signed/json_value.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace cresset::coord::signed_ {

bool utf16_less(std::string_view a, std::string_view b) noexcept {
  const auto [at_a, at_b] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  if (at_a == a.end() || at_b == b.end())
    return at_a == a.end() && at_b != b.end();
  // In valid UTF-8 the first byte that differs decides the order of code points. UTF-16 writes
  // those above U+FFFF (first byte 0xf0 and up) as surrogates D800..DFFF, below U+E000..U+FFFF
  // (first byte 0xee and 0xef).
  const auto x = static_cast<unsigned char>(*at_a);
  const auto y = static_cast<unsigned char>(*at_b);
  const bool x_is_surrogate = x >= 0xf0;
  const bool y_is_surrogate = y >= 0xf0;
  if (x_is_surrogate != y_is_surrogate && (x_is_surrogate ? y : x) >= 0xee)
    return x_is_surrogate;
  return x < y;
}

json_value::json_value(std::int64_t value) : held_{static_cast<double>(value)} {
  assert(value <= largest_integer && value >= -largest_integer);
}
json_value::json_value(std::uint64_t value) : held_{static_cast<double>(value)} {
  assert(value <= static_cast<std::uint64_t>(largest_integer));
}

json_value::json_value(object members) {
  std::sort(members.begin(), members.end(),
            [](const json_member& a, const json_member& b) { return utf16_less(a.name, b.name); });
  assert(std::adjacent_find(members.begin(), members.end(), [](const auto& a, const auto& b) {
           return a.name == b.name;
         }) == members.end());
  held_ = std::move(members);
}

json_value json_value::empty_object() {
  return json_value{object{}};
}

std::optional<std::uint64_t> json_value::whole() const noexcept {
  const double* held = number();
  if (held == nullptr || !(*held >= 0) || *held > static_cast<double>(largest_integer) ||
      std::trunc(*held) != *held)
    return std::nullopt;
  return static_cast<std::uint64_t>(*held);
}

const json_value* json_value::find(std::string_view name) const noexcept {
  const object* held = members();
  if (held == nullptr)
    return nullptr;
  const auto at = std::lower_bound(held->begin(), held->end(), name,
                                   [](const json_member& member, std::string_view wanted) {
                                     return utf16_less(member.name, wanted);
                                   });
  return at != held->end() && at->name == name ? &at->value : nullptr;
}

std::optional<std::string_view> json_value::text_of(std::string_view name) const noexcept {
  const json_value* member = find(name);
  if (member == nullptr || member->text() == nullptr)
    return std::nullopt;
  return *member->text();
}

std::optional<std::uint64_t> json_value::whole_of(std::string_view name) const noexcept {
  const json_value* member = find(name);
  return member == nullptr ? std::nullopt : member->whole();
}

void json_value::set(std::string_view name, json_value value) {
  auto* held = std::get_if<object>(&held_);
  assert(held != nullptr);
  const auto at = std::lower_bound(held->begin(), held->end(), name,
                                   [](const json_member& member, std::string_view wanted) {
                                     return utf16_less(member.name, wanted);
                                   });
  if (at != held->end() && at->name == name)
    at->value = std::move(value);
  else
    held->insert(at, {std::string{name}, std::move(value)});
}

} // namespace cresset::coord::signed_
