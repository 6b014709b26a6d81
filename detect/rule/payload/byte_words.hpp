#pragma once

#include "detect/rule/payload/operand.hpp"
#include "detect/rule/text/text_cursor.hpp"

#include <cstdint>

namespace cresset::detect::rule::payload {

/// The words that all options share which take a number out of a buffer.
struct byte_words {
  byte_order order = byte_order::big;
  number_text text = number_text::binary;
  std::uint32_t mask = 0;
  bool relative = false;
  bool is_text = false;
  bool order_given = false;
};

/// Reads one word between commas into `words`; false when it is none of them, or wrong.
bool read_byte_word(byte_words& words, text::text_cursor piece);

/// What the words say together, for an option that reads `bytes`: refuses what excludes each other
/// and more bytes than can be read (8 of a binary number, 23 of text).
text::parsed<void> check_byte_words(byte_words& words, const operand& bytes,
                                    const text::text_cursor& at);

} // namespace cresset::detect::rule::payload
