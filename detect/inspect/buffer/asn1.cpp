// An element is a tag, a length and that many bytes. A constructed element holds others: reading
// goes on inside it and, when its bytes are used up, behind it, so one pass over the bytes in order
// is all there is to do; depth counts only how many elements are open.
#include "detect/inspect/buffer/asn1.hpp"

#include <array>
#include <optional>

namespace cresset::detect::inspect::buffer {
namespace {

constexpr unsigned tag_bit_string = 3, tag_real = 9;
constexpr std::uint64_t real_text_limit_bytes = 256; ///< what a buffer for a number's text holds

struct element {
  unsigned tag = 0;
  bool is_universal = false;
  bool is_constructed = false;
  std::uint64_t length = 0; ///< as claimed
  bool is_indefinite = false;
  std::size_t header = 0; ///< bytes before the contents
};

std::optional<element> read_element(byte_view bytes) noexcept {
  const auto at = [&](std::size_t i) { return std::to_integer<unsigned>(bytes[i]); };
  element e;
  std::size_t i = 0;
  if (bytes.size() < 2)
    return std::nullopt;
  const auto first = at(i++);
  e.is_universal = first >> 6 == 0;
  e.is_constructed = (first & 0x20) != 0;
  e.tag = first & 0x1f;
  if (e.tag == 0x1f) { // the tag goes on in the next bytes, seven bits each
    e.tag = 0;
    do {
      if (i >= bytes.size() || i > 5)
        return std::nullopt;
      e.tag = e.tag << 7 | (at(i) & 0x7f);
    } while ((at(i++) & 0x80) != 0);
  }
  if (i >= bytes.size())
    return std::nullopt;
  const auto length = at(i++);
  if (length < 0x80) {
    e.length = length;
  } else if (length == 0x80) {
    e.is_indefinite = true;
  } else {
    const auto count = length & 0x7f;
    if (count > 8 || count > bytes.size() - i)
      return std::nullopt;
    for (unsigned n = 0; n < count; ++n)
      e.length = e.length << 8 | at(i++);
  }
  e.header = i;
  return e;
}

bool is_odd(const element& e, byte_view contents, const rule::options::asn1& wanted) noexcept {
  if (wanted.oversize_length && e.length > *wanted.oversize_length)
    return true;
  if (!e.is_universal || e.is_constructed || contents.empty())
    return false;
  const auto first = std::to_integer<unsigned>(contents[0]);
  // the first byte says how many bits of the last one are not used
  if (wanted.bitstring_overflow && e.tag == tag_bit_string && first > (e.length - 1) * 8)
    return true;
  // a number as text has the two upper bits of its first byte clear
  return wanted.double_overflow && e.tag == tag_real && first >> 6 == 0 &&
         e.length > real_text_limit_bytes;
}

} // namespace

bool is_odd_asn1(byte_view bytes, const rule::options::asn1& wanted) noexcept {
  unsigned depth = 0;
  for (unsigned seen = 0; seen < asn1_limit_elements && !bytes.empty(); ++seen) {
    const auto e = read_element(bytes);
    if (!e)
      return false;
    const auto contents = bytes.subspan(e->header);
    if (is_odd(*e, contents, wanted))
      return true;
    const bool enters = e->is_constructed || e->is_indefinite;
    if (enters && ++depth > asn1_limit_depth)
      return false;
    if (!enters && e->length > contents.size())
      return false;
    bytes = enters ? contents : contents.subspan(static_cast<std::size_t>(e->length));
  }
  return false;
}

} // namespace cresset::detect::inspect::buffer
