#include "detect/rule/payload/byte_words.hpp"

namespace cresset::detect::rule::payload {

using text::errc;
using text::parsed;
using text::text_cursor;

namespace {

constexpr std::int64_t binary_limit = 8;
constexpr std::int64_t text_limit = 23;

enum class word_kind : std::uint8_t { taken, other, wrong };

word_kind read_base(byte_words& words, std::string_view word) {
  if (word == "hex")
    words.text = number_text::hexadecimal;
  else if (word == "dec")
    words.text = number_text::decimal;
  else if (word == "oct")
    words.text = number_text::octal;
  else
    return word_kind::other;
  return word_kind::taken;
}

word_kind read_order(byte_words& words, std::string_view word) {
  if (word == "big")
    words.order = byte_order::big;
  else if (word == "little")
    words.order = byte_order::little;
  else if (word == "dce")
    words.order = byte_order::dce;
  else
    return word_kind::other;
  if (words.order_given)
    return word_kind::wrong;
  words.order_given = true;
  return word_kind::taken;
}

word_kind read(byte_words& words, text_cursor piece) {
  const auto text = text::lower(piece.rest());
  if (text == "relative") {
    words.relative = true;
    return word_kind::taken;
  }
  if (text == "string") {
    words.is_text = true;
    return word_kind::taken;
  }
  if (piece.skip_caseless("string ")) {
    words.is_text = true;
    piece.skip_blanks();
    return read_base(words, text::lower(piece.rest())) == word_kind::taken ? word_kind::taken
                                                                           : word_kind::wrong;
  }
  if (piece.skip_caseless("endian")) {
    piece.skip_blanks();
    return read_order(words, text::lower(piece.rest())) == word_kind::taken ? word_kind::taken
                                                                            : word_kind::wrong;
  }
  if (piece.skip_caseless("bitmask")) {
    piece.skip_blanks();
    const auto mask = piece.number();
    if (!mask || !piece.empty() || *mask == 0 || *mask > UINT32_MAX)
      return word_kind::wrong;
    words.mask = static_cast<std::uint32_t>(*mask);
    return word_kind::taken;
  }
  if (const auto base = read_base(words, text); base != word_kind::other)
    return base;
  return read_order(words, text);
}

} // namespace

bool read_byte_word(byte_words& words, text_cursor piece) {
  return read(words, piece) == word_kind::taken;
}

parsed<void> check_byte_words(byte_words& words, const operand& bytes, const text_cursor& at) {
  if (words.is_text && words.text == number_text::binary)
    words.text = number_text::decimal;
  if (!words.is_text && words.text != number_text::binary)
    return at.fail(errc::contradiction, "hex, dec and oct need `string`");
  if (words.is_text && words.order_given && words.order == byte_order::dce)
    return at.fail(errc::contradiction, "dce and string exclude each other");
  if (bytes.is_variable())
    return {};
  if (bytes.number > (words.is_text ? text_limit : binary_limit))
    return at.fail(errc::out_of_range,
                   "at most 8 bytes of a binary number or 23 of text can be read");
  return {};
}

} // namespace cresset::detect::rule::payload
