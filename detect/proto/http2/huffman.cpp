// The Huffman code of HPACK is canonical: among codes of one length the symbols stand in their
// order, and the shorter codes come first. So the lengths of RFC 7541, Appendix B, are all of it:
// code minus the first code of its length is the symbol's place among those of that length.
#include "detect/proto/http2/hpack.hpp"

#include <array>

namespace cresset::detect::proto::http2 {
namespace {

constexpr std::size_t symbols = 257;
constexpr std::uint16_t end_of_string = 256;
constexpr unsigned longest = 30;
constexpr unsigned padding_limit = 7;

// clang-format off
constexpr std::array<std::uint8_t, symbols> lengths{
    13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28,
    28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
     6, 10, 10, 12, 13,  6,  8, 11, 10, 10,  8, 11,  8,  6,  6,  6,
     5,  5,  5,  6,  6,  6,  6,  6,  6,  6,  7,  8, 15,  6, 12, 10,
    13,  6,  7,  7,  7,  7,  7,  7,  7,  7,  7,  7,  7,  7,  7,  7,
     7,  7,  7,  7,  7,  7,  7,  7,  8,  7,  8, 13, 19, 13, 14,  6,
    15,  5,  6,  5,  6,  5,  6,  6,  6,  5,  7,  7,  6,  6,  6,  5,
     6,  7,  6,  5,  5,  6,  7,  7,  7,  7,  7, 15, 11, 14, 13, 28,
    20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23,
    24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
    22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23,
    21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
    26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25,
    19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
    20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23,
    26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
    30,
};
// clang-format on

struct code_table {
  std::array<std::uint32_t, longest + 1> first{}; ///< the first code of each length
  std::array<std::uint16_t, longest + 1> count{};
  std::array<std::uint16_t, longest + 1> place{}; ///< of its symbol
  std::array<std::uint16_t, symbols> symbol{};    ///< by length, then value
};

constexpr code_table table = [] {
  code_table made;
  std::uint32_t code = 0;
  std::uint16_t at = 0;
  for (unsigned length = 1; length <= longest; ++length) {
    code <<= 1U;
    made.first[length] = code;
    made.place[length] = at;
    for (std::uint16_t i = 0; i < symbols; ++i)
      if (lengths[i] == length) {
        made.symbol[at++] = i;
        ++made.count[length];
        ++code;
      }
  }
  return made;
}();
static_assert(table.first[13] == 0x1ff8 && table.first[30] == 0x3ffffffc,
              "codes of RFC 7541, Appendix B");

} // namespace

std::optional<std::string> huffman_decode(byte_view bytes, std::size_t limit_bytes) {
  std::string text;
  std::uint32_t code = 0;
  unsigned length = 0;
  for (const auto byte : bytes)
    for (int bit = 7; bit >= 0; --bit) {
      code = code << 1U | (std::to_integer<unsigned>(byte) >> bit & 1U);
      if (++length > longest)
        return std::nullopt;
      const auto place = code - table.first[length];
      if (code < table.first[length] || place >= table.count[length])
        continue;
      const auto symbol = table.symbol[table.place[length] + place];
      if (symbol == end_of_string || text.size() >= limit_bytes)
        return std::nullopt;
      text += static_cast<char>(symbol);
      code = length = 0;
    }
  // What is left is padding: the beginning of the end's code, which is all ones.
  if (length > padding_limit || code != (1U << length) - 1)
    return std::nullopt;
  return text;
}

} // namespace cresset::detect::proto::http2
