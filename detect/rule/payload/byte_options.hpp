#pragma once

#include "detect/rule/payload/operand.hpp"
#include "detect/rule/payload/variable_names.hpp"
#include "detect/rule/text/comparison.hpp"

#include <optional>
#include <string>

namespace cresset::detect::rule::payload {

/// `isdataat:[!]N[,relative][,rawbytes]`: the buffer has (or lacks) data N bytes on.
struct isdataat {
  operand length;
  bool negated = false;
  bool relative = false;
  bool rawbytes = false;
};

/// `bsize`: the size of the whole buffer instance.
struct bsize {
  text::comparison size;
};

/// `byte_test`: takes a number out of the buffer and compares it.
struct byte_test {
  enum class test : std::uint8_t {
    less,
    less_or_equal,
    equal,
    greater,
    greater_or_equal,
    bits_set,
    bits_differ
  };
  operand
      bytes; ///< how many to read: 1..8 binary, 1..23 as text; 0 as text is as many as there are
  test how{};
  operand value;
  operand offset;
  std::uint32_t mask =
      0; ///< 0: none; else the number is masked and shifted right by the mask's trailing zeros
  byte_order order = byte_order::big;
  number_text text = number_text::binary;
  bool negated = false;
  bool relative = false;
};

/// `byte_jump`: takes a number out of the buffer and moves the point that relative matches count
/// from.
struct byte_jump {
  enum class origin : std::uint8_t { after_number, beginning, end };
  operand bytes;
  operand offset;
  operand post_offset;
  std::uint32_t multiplier = 1;
  std::uint32_t mask = 0;
  byte_order order = byte_order::big;
  number_text text = number_text::binary;
  origin from = origin::after_number;
  bool relative = false;
  bool align = false; ///< round the distance up to four
};

/// `byte_extract`: takes a number out of the buffer into a variable.
struct byte_extract {
  operand bytes;
  operand offset;
  std::int16_t result = operand::no_slot;
  std::uint32_t multiplier = 1;
  std::uint32_t mask = 0;
  std::uint8_t align = 0; ///< 0, 2 or 4: round the value up
  byte_order order = byte_order::big;
  number_text text = number_text::binary;
  bool relative = false;
};

/// `byte_math`: takes a number out of the buffer, computes with it, keeps the result in a variable.
struct byte_math {
  enum class operation : std::uint8_t { add, subtract, multiply, divide, shift_left, shift_right };
  operand bytes;
  operand offset;
  operation how{};
  operand right;
  std::int16_t result = operand::no_slot;
  std::uint32_t mask = 0;
  byte_order order = byte_order::big;
  number_text text = number_text::binary;
  bool relative = false;
};

/// `base64_decode`: fills the buffer "base64_data" from here on.
struct base64_decode {
  std::uint32_t bytes = 0; ///< at most this many encoded bytes; 0: all
  std::uint32_t offset = 0;
  bool relative = false;
};

text::parsed<isdataat> parse_isdataat(text::text_cursor in, const variable_names& variables);
text::parsed<bsize> parse_bsize(text::text_cursor in);
text::parsed<byte_test> parse_byte_test(text::text_cursor in, const variable_names& variables);
text::parsed<byte_jump> parse_byte_jump(text::text_cursor in, const variable_names& variables);
text::parsed<byte_extract> parse_byte_extract(text::text_cursor in, variable_names& variables);
text::parsed<byte_math> parse_byte_math(text::text_cursor in, variable_names& variables);
text::parsed<base64_decode> parse_base64_decode(text::text_cursor in);

} // namespace cresset::detect::rule::payload
