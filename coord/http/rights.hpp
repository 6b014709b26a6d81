#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace cresset::coord::http {

/// What a route asks of the one who calls it. Rights do not include each other: an account holds a
/// set of them (`right_set`), and which sets there are is the business of whoever keeps accounts.
enum class right : std::uint8_t {
  anyone,       ///< open: nobody need be signed in
  member,       ///< what everybody with an account may do with it: sign out, change the password
  partner,      ///< what another organisation's account may do
  reader,       ///< sees the work
  writer,       ///< does the work
  lead,         ///< answers for the work of a shift
  maintainer,   ///< keeps the machines and what they run with
  auditor,      ///< sees how it was done, and everything else; changes nothing
  administrator ///< says who may do what
};
inline constexpr std::size_t right_count = 9;

/// The name this had while rights were steps of one ladder; routes may use either.
using access_level = right;

std::string_view to_string(right one) noexcept;
std::optional<right> right_from(std::string_view name) noexcept;

/// The rights of an account, of a token, or of one who is not signed in (none).
class right_set {
public:
  constexpr right_set() = default;
  constexpr right_set(std::initializer_list<right> rights) {
    for (const auto one : rights)
      bits_ |= bit(one);
  }

  constexpr bool has(right one) const noexcept { return (bits_ & bit(one)) != 0; }
  constexpr bool is_empty() const noexcept { return bits_ == 0; }
  /// May the holder call a route that needs `needed`? The right of an auditor opens every route
  /// that changes nothing.
  constexpr bool may(right needed, bool changes_something) const noexcept {
    return needed == right::anyone || has(needed) || (!changes_something && has(right::auditor));
  }
  /// What is in both: a token never may more than its owner.
  constexpr right_set operator&(right_set other) const noexcept {
    right_set both;
    both.bits_ = bits_ & other.bits_;
    return both;
  }
  friend constexpr bool operator==(right_set, right_set) noexcept = default;

  /// For storing. Bits that name no right are dropped.
  constexpr std::uint16_t bits() const noexcept { return bits_; }
  static constexpr right_set of_bits(std::uint16_t bits) noexcept {
    right_set read;
    read.bits_ = bits & ((1U << right_count) - 2U);
    return read;
  }

private:
  static constexpr std::uint16_t bit(right one) noexcept {
    return static_cast<std::uint16_t>(one == right::anyone ? 0U : 1U << static_cast<unsigned>(one));
  }

  std::uint16_t bits_ = 0;
};

} // namespace cresset::coord::http
