// Basic Encoding Rules (X.690) as far as Kerberos, LDAP and SNMP use them: tags of one byte and
// definite lengths. A length of more than four bytes is refused: no message here comes near.
#include "detect/proto/ber.hpp"

namespace cresset::detect::proto::ber {
namespace {

constexpr unsigned long_tag = 0x1f;
constexpr std::size_t limit_length_bytes = 4;

struct head {
  std::size_t head_size = 0;
  std::size_t length = 0;
};
/// The head, or why there is none.
measured::kind read_head(byte_view bytes, head& into) noexcept {
  const auto at = [&](std::size_t i) { return std::to_integer<unsigned>(bytes[i]); };
  if (bytes.empty())
    return measured::kind::need_more;
  if ((at(0) & long_tag) == long_tag)
    return measured::kind::refused;
  if (bytes.size() < 2)
    return measured::kind::need_more;
  if (at(1) < 0x80) {
    into = {2, at(1)};
    return measured::kind::known;
  }
  const std::size_t size = at(1) & 0x7fU;
  if (size == 0 || size > limit_length_bytes)
    return measured::kind::refused;
  if (bytes.size() < 2 + size)
    return measured::kind::need_more;
  into = {2 + size, 0};
  for (std::size_t i = 0; i < size; ++i)
    into.length = into.length << 8 | at(2 + i);
  return measured::kind::known;
}

} // namespace

std::optional<std::uint8_t> reader::next_tag() const noexcept {
  if (rest_.empty())
    return std::nullopt;
  return std::to_integer<std::uint8_t>(rest_[0]);
}

std::optional<element> reader::next() noexcept {
  head found;
  if (read_head(rest_, found) != measured::kind::known ||
      rest_.size() - found.head_size < found.length)
    return std::nullopt;
  const element made{std::to_integer<std::uint8_t>(rest_[0]),
                     rest_.subspan(found.head_size, found.length)};
  rest_ = rest_.subspan(found.head_size + found.length);
  return made;
}

std::optional<byte_view> reader::take(std::uint8_t tag) noexcept {
  if (next_tag() != tag)
    return std::nullopt;
  const auto found = next();
  return found ? std::optional{found->content} : std::nullopt;
}

std::optional<std::int64_t> reader::take_number(std::uint8_t tag) noexcept {
  const auto content = take(tag);
  return content ? number_of(*content) : std::nullopt;
}

std::optional<std::int64_t> number_of(byte_view content) noexcept {
  if (content.empty() || content.size() > 8)
    return std::nullopt;
  const bool negative = (std::to_integer<unsigned>(content[0]) & 0x80U) != 0;
  std::uint64_t value = negative ? ~std::uint64_t{0} : 0;
  for (const auto byte : content)
    value = value << 8 | std::to_integer<std::uint64_t>(byte);
  return static_cast<std::int64_t>(value);
}

std::optional<std::string> dotted(byte_view content) {
  if (content.empty())
    return std::nullopt;
  std::string text;
  std::uint64_t number = 0;
  bool open = false;
  for (const auto byte : content) {
    const auto low = std::to_integer<std::uint64_t>(byte);
    if (number > (UINT64_MAX >> 7))
      return std::nullopt;
    number = number << 7 | (low & 0x7fU);
    open = (low & 0x80U) != 0;
    if (open)
      continue;
    if (text.empty()) { // the first two numbers are one (X.690 8.19.4)
      const std::uint64_t first = std::min<std::uint64_t>(number / 40, 2);
      text = std::to_string(first);
      number -= first * 40;
    }
    text += '.';
    text += std::to_string(number);
    number = 0;
  }
  return open ? std::nullopt : std::optional{text};
}

measured size_of(byte_view bytes) noexcept {
  head found;
  const auto what = read_head(bytes, found);
  return {what, found.head_size + found.length};
}

} // namespace cresset::detect::proto::ber
