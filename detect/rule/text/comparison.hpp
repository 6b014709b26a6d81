#pragma once

#include "detect/rule/text/text_cursor.hpp"

#include <cstdint>
#include <span>

namespace cresset::detect::rule::text {

/// A test on an unsigned number, in the one form all of the language's comparisons come down to:
/// both ends belong to the range. `<5` is 0..4; `1<>4` and `1-4` are 2..3 (the language leaves out
/// both ends); `&0xc0=0x80` has a mask.
struct comparison {
  std::uint64_t least = 0;
  std::uint64_t most = UINT64_MAX;
  std::uint64_t mask = UINT64_MAX;
  bool negated = false;

  constexpr bool operator()(std::uint64_t value) const noexcept {
    const auto masked = value & mask;
    return (masked >= least && masked <= most) != negated;
  }
  /// True for "= N" without mask: what an index by value can hold.
  constexpr bool is_exact() const noexcept {
    return least == most && !negated && mask == UINT64_MAX;
  }
  friend constexpr bool operator==(const comparison&, const comparison&) noexcept = default;
};

/// A name the language knows for a number of some field.
struct named_number {
  std::string_view name;
  std::uint64_t number;
};

/// How the numbers of one keyword are written.
struct number_form {
  std::uint64_t most = UINT64_MAX;       ///< the largest value the field can hold
  std::span<const named_number> names{}; ///< accepted instead of a number, in any case
  bool inclusive_ranges = false;         ///< N<>M and N-M hold their ends (few old keywords)
};

/// Reads all of `in` as `N`, `=N`, `!N`, `!=N`, `<N`, `<=N`, `>N`, `>=N`, `N-M`, `N<>M`, `!N-M`,
/// `&mask=N`, `&mask!=N` (manual: Integer Keywords), numbers decimal or hexadecimal with an
/// optional suffix kb/mb/gb (kib/mib/gib). Refuses what no value of the field can satisfy.
parsed<comparison> parse_comparison(text_cursor in, const number_form& form);

} // namespace cresset::detect::rule::text
