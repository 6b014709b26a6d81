#pragma once

#include <cstdint>

namespace cresset::detect::rule::payload {

/// A number written in the rule, or a byte variable that `byte_extract` or `byte_math` fills while
/// matching. Variables are resolved to slots when the rule is read: slot n is the n-th name of the
/// rule's `variables`.
struct operand {
  static constexpr std::int16_t no_slot = -1;
  std::int64_t number = 0;
  std::int16_t slot = no_slot;

  constexpr bool is_variable() const noexcept { return slot != no_slot; }
  friend constexpr bool operator==(const operand&, const operand&) noexcept = default;
};

enum class byte_order : std::uint8_t { big, little, dce /**< as the DCE/RPC header says */ };
/// How the bytes of a number are read: as binary, or as text in a base.
enum class number_text : std::uint8_t { binary, hexadecimal, decimal, octal };

} // namespace cresset::detect::rule::payload
