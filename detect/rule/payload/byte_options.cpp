// The options that take numbers out of a buffer share most of their words:
//
//   byte_test:    bytes, [!]op, value, offset [, words…]
//   byte_jump:    bytes, offset [, words…]
//   byte_extract: bytes, offset, name [, words…]
//   byte_math:    bytes N, offset N, oper op, rvalue V, result name [, words…]     in any order
//
// words (byte_words.*): relative · big · little · dce · endian big|little|dce · string · hex · dec
// · oct · string hex · bitmask M, and some that one option has alone. A word set keeps what was
// read; each option takes from it what it has.

#include "detect/rule/payload/byte_options.hpp"

#include "detect/rule/payload/byte_words.hpp"

namespace cresset::detect::rule::payload {

using text::errc;
using text::parsed;
using text::text_cursor;

namespace {

constexpr std::int64_t offset_limit = 65'535;
constexpr std::int64_t text_limit = 23;

text::refusal wrong_word(const text_cursor& piece) {
  return {errc::unknown_value,
          "the word '" + std::string{piece.rest()} + "' is not known here, or is wrong",
          piece.position()};
}

template <typename Option>
void keep(Option& made, const byte_words& words) {
  made.order = words.order;
  made.text = words.text;
  made.mask = words.mask;
  made.relative = words.relative;
}

bool read_test(byte_test& made, std::string_view word) {
  made.negated = word.starts_with('!');
  if (made.negated)
    word.remove_prefix(1);
  while (!word.empty() && word.front() == ' ')
    word.remove_prefix(1);
  if (word == "<")
    made.how = byte_test::test::less;
  else if (word == "<=")
    made.how = byte_test::test::less_or_equal;
  else if (word == "=" || (word.empty() && made.negated))
    made.how = byte_test::test::equal;
  else if (word == ">")
    made.how = byte_test::test::greater;
  else if (word == ">=")
    made.how = byte_test::test::greater_or_equal;
  else if (word == "&")
    made.how = byte_test::test::bits_set;
  else if (word == "^")
    made.how = byte_test::test::bits_differ;
  else
    return false;
  return true;
}

/// `word N`: a word and an unsigned number behind it.
std::optional<std::uint64_t> number_behind(text_cursor piece, std::string_view word) {
  if (!piece.skip_caseless(word))
    return std::nullopt;
  piece.skip_blanks();
  const auto number = piece.number();
  return number && piece.empty() ? number : std::nullopt;
}

parsed<bool> read_jump_word(byte_jump& made, text_cursor piece, const variable_names& variables) {
  const auto text = text::lower(piece.rest());
  if (text == "align") {
    made.align = true;
  } else if (text == "from_beginning") {
    made.from = byte_jump::origin::beginning;
  } else if (text == "from_end") {
    made.from = byte_jump::origin::end;
  } else if (const auto times = number_behind(piece, "multiplier");
             times && *times >= 1 && *times <= 65'535) {
    made.multiplier = static_cast<std::uint32_t>(*times);
  } else if (piece.skip_caseless("post_offset")) {
    const auto moved = variables.read(piece, -offset_limit, offset_limit);
    if (!moved)
      return unexpected{moved.error()};
    made.post_offset = *moved;
  } else {
    return false;
  }
  return true;
}

bool read_extract_word(byte_extract& made, text_cursor piece) {
  if (const auto times = number_behind(piece, "multiplier");
      times && *times >= 1 && *times <= 65'535) {
    made.multiplier = static_cast<std::uint32_t>(*times);
    return true;
  }
  if (const auto align = number_behind(piece, "align"); align && (*align == 2 || *align == 4)) {
    made.align = static_cast<std::uint8_t>(*align);
    return true;
  }
  return false;
}

bool read_operation(byte_math& made, std::string_view word) {
  if (word == "+")
    made.how = byte_math::operation::add;
  else if (word == "-")
    made.how = byte_math::operation::subtract;
  else if (word == "*")
    made.how = byte_math::operation::multiply;
  else if (word == "/")
    made.how = byte_math::operation::divide;
  else if (word == "<<")
    made.how = byte_math::operation::shift_left;
  else if (word == ">>")
    made.how = byte_math::operation::shift_right;
  else
    return false;
  return true;
}

} // namespace

parsed<isdataat> parse_isdataat(text_cursor in, const variable_names& variables) {
  const auto pieces = text::split(in, ',', 3);
  if (!pieces)
    return unexpected{pieces.error()};
  isdataat made;
  auto first = pieces->front();
  made.negated = first.skip("!");
  const auto length = variables.read(first, 0, offset_limit);
  if (!length)
    return unexpected{length.error()};
  made.length = *length;
  for (std::size_t i = 1; i < pieces->size(); ++i) {
    const auto word = (*pieces)[i].rest();
    if (text::equals_caseless(word, "relative"))
      made.relative = true;
    else if (text::equals_caseless(word, "rawbytes"))
      made.rawbytes = true;
    else
      return unexpected{wrong_word((*pieces)[i])};
  }
  return made;
}

parsed<bsize> parse_bsize(text_cursor in) {
  const auto size = text::parse_comparison(in, {});
  if (!size)
    return unexpected{size.error()};
  return bsize{*size};
}

parsed<byte_test> parse_byte_test(text_cursor in, const variable_names& variables) {
  const auto pieces = text::split(in, ',');
  if (!pieces)
    return unexpected{pieces.error()};
  if (pieces->size() < 4)
    return in.fail(errc::syntax, "byte_test takes bytes, operator, value, offset");
  byte_test made;
  const auto bytes = variables.read((*pieces)[0], 0, text_limit);
  const auto value = variables.read_unsigned((*pieces)[2]);
  const auto offset = variables.read((*pieces)[3], -offset_limit, offset_limit);
  for (const auto* read : {&bytes, &value, &offset})
    if (!*read)
      return unexpected{read->error()};
  if (!read_test(made, (*pieces)[1].rest()))
    return (*pieces)[1].fail(errc::unknown_value,
                             "one of < <= = >= > & ^ is expected, or ! before it");
  byte_words words;
  for (std::size_t i = 4; i < pieces->size(); ++i)
    if (!read_byte_word(words, (*pieces)[i]))
      return unexpected{wrong_word((*pieces)[i])};
  if (const auto fine = check_byte_words(words, *bytes, in); !fine)
    return unexpected{fine.error()};
  if (!words.is_text && !bytes->is_variable() && bytes->number == 0)
    return in.fail(errc::out_of_range, "byte_test reads at least one byte");
  made.bytes = *bytes;
  made.value = *value;
  made.offset = *offset;
  keep(made, words);
  return made;
}

parsed<byte_jump> parse_byte_jump(text_cursor in, const variable_names& variables) {
  const auto pieces = text::split(in, ',');
  if (!pieces)
    return unexpected{pieces.error()};
  if (pieces->size() < 2)
    return in.fail(errc::syntax, "byte_jump takes bytes and offset");
  byte_jump made;
  const auto bytes = variables.read((*pieces)[0], 0, text_limit);
  const auto offset = variables.read((*pieces)[1], -offset_limit, offset_limit);
  for (const auto* read : {&bytes, &offset})
    if (!*read)
      return unexpected{read->error()};
  byte_words words;
  for (std::size_t i = 2; i < pieces->size(); ++i) {
    const auto own = read_jump_word(made, (*pieces)[i], variables);
    if (!own)
      return unexpected{own.error()};
    if (!*own && !read_byte_word(words, (*pieces)[i]))
      return unexpected{wrong_word((*pieces)[i])};
  }
  if (const auto fine = check_byte_words(words, *bytes, in); !fine)
    return unexpected{fine.error()};
  made.bytes = *bytes;
  made.offset = *offset;
  keep(made, words);
  return made;
}

parsed<byte_extract> parse_byte_extract(text_cursor in, variable_names& variables) {
  const auto pieces = text::split(in, ',');
  if (!pieces)
    return unexpected{pieces.error()};
  if (pieces->size() < 3)
    return in.fail(errc::syntax, "byte_extract takes bytes, offset and a name");
  byte_extract made;
  const auto bytes = variables.read((*pieces)[0], 1, text_limit);
  const auto offset = variables.read((*pieces)[1], -offset_limit, offset_limit);
  for (const auto* read : {&bytes, &offset})
    if (!*read)
      return unexpected{read->error()};
  byte_words words;
  for (std::size_t i = 3; i < pieces->size(); ++i)
    if (!read_extract_word(made, (*pieces)[i]) && !read_byte_word(words, (*pieces)[i]))
      return unexpected{wrong_word((*pieces)[i])};
  if (const auto fine = check_byte_words(words, *bytes, in); !fine)
    return unexpected{fine.error()};
  const auto result = variables.define((*pieces)[2]);
  if (!result)
    return unexpected{result.error()};
  made.bytes = *bytes;
  made.offset = *offset;
  made.result = *result;
  keep(made, words);
  return made;
}

namespace {

/// The five named parts of byte_math, each of which must be there once.
struct math_parts {
  std::optional<operand> bytes;
  std::optional<operand> offset;
  std::optional<operand> right;
  std::optional<text_cursor> result;
  bool operation = false;
};

/// True when `piece` is one of the parts and was read; false when it is some other word.
parsed<bool> read_math_part(math_parts& parts, byte_math& made, text_cursor piece,
                            const variable_names& variables) {
  const auto into = [&](std::optional<operand>& part, std::int64_t least,
                        std::int64_t most) -> parsed<bool> {
    const auto read = variables.read(piece, least, most);
    if (!read)
      return unexpected{read.error()};
    part = *read;
    return true;
  };
  if (piece.skip_caseless("bytes "))
    return into(parts.bytes, 1, 10);
  if (piece.skip_caseless("offset "))
    return into(parts.offset, -offset_limit, offset_limit);
  if (piece.skip_caseless("rvalue "))
    return into(parts.right, 0, UINT32_MAX);
  if (piece.skip_caseless("result ")) {
    parts.result = piece.trimmed();
    return true;
  }
  if (piece.skip_caseless("oper ")) {
    piece.skip_blanks();
    parts.operation = read_operation(made, piece.rest());
    if (!parts.operation)
      return piece.fail(errc::unknown_value, "one of + - * / << >> is expected");
    return true;
  }
  return false;
}

} // namespace

parsed<byte_math> parse_byte_math(text_cursor in, variable_names& variables) {
  const auto pieces = text::split(in, ',');
  if (!pieces)
    return unexpected{pieces.error()};
  byte_math made;
  math_parts parts;
  byte_words words;
  for (const auto& piece : *pieces) {
    const auto own = read_math_part(parts, made, piece, variables);
    if (!own)
      return unexpected{own.error()};
    if (!*own && !read_byte_word(words, piece))
      return unexpected{wrong_word(piece)};
  }
  if (!parts.bytes || !parts.offset || !parts.right || !parts.result || !parts.operation)
    return in.fail(errc::missing, "byte_math needs bytes, offset, oper, rvalue and result");
  if (const auto fine = check_byte_words(words, *parts.bytes, in); !fine)
    return unexpected{fine.error()};
  if (made.how == byte_math::operation::divide && !parts.right->is_variable() &&
      parts.right->number == 0)
    return in.fail(errc::empty_range, "byte_math divides by zero");
  const auto result = variables.define(*parts.result);
  if (!result)
    return unexpected{result.error()};
  made.bytes = *parts.bytes;
  made.offset = *parts.offset;
  made.right = *parts.right;
  made.result = *result;
  keep(made, words);
  return made;
}

parsed<base64_decode> parse_base64_decode(text_cursor in) {
  base64_decode made;
  if (in.trimmed().empty())
    return made;
  const auto pieces = text::split(in, ',', 3);
  if (!pieces)
    return unexpected{pieces.error()};
  for (const auto& piece : *pieces) {
    if (text::equals_caseless(piece.rest(), "relative"))
      made.relative = true;
    else if (const auto bytes = number_behind(piece, "bytes");
             bytes && *bytes >= 1 && *bytes <= UINT32_MAX)
      made.bytes = static_cast<std::uint32_t>(*bytes);
    else if (const auto offset = number_behind(piece, "offset"); offset && *offset <= offset_limit)
      made.offset = static_cast<std::uint32_t>(*offset);
    else
      return unexpected{wrong_word(piece)};
  }
  return made;
}

} // namespace cresset::detect::rule::payload
