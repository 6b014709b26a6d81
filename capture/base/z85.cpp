// Z85 (ZeroMQ RFC 32): four bytes are a big-endian number, written as five digits of base 85,
// highest first.
#include "capture/base/z85.hpp"

#include <cassert>

namespace cresset {
namespace {

constexpr std::string_view alphabet =
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";
static_assert(alphabet.size() == 85);

} // namespace

std::string to_z85(byte_view bytes) {
  assert(bytes.size() % 4 == 0);
  std::string text;
  text.reserve(bytes.size() / 4 * 5);
  for (std::size_t i = 0; i + 4 <= bytes.size(); i += 4) {
    const std::uint32_t value = load_be32(bytes.subspan(i).first<4>());
    for (std::uint32_t place = 85U * 85 * 85 * 85; place != 0; place /= 85)
      text += alphabet[value / place % 85];
  }
  return text;
}

std::optional<std::vector<std::byte>> from_z85(std::string_view text) {
  if (text.size() % 5 != 0)
    return std::nullopt;
  std::vector<std::byte> bytes(text.size() / 5 * 4);
  for (std::size_t group = 0; group < text.size() / 5; ++group) {
    std::uint64_t value = 0;
    for (const char c : text.substr(group * 5, 5)) {
      const auto digit = alphabet.find(c);
      if (digit == std::string_view::npos)
        return std::nullopt;
      value = value * 85 + digit;
    }
    if (value > 0xffffffffU)
      return std::nullopt;
    store_be32(std::span{bytes}.subspan(group * 4).first<4>(), static_cast<std::uint32_t>(value));
  }
  return bytes;
}

} // namespace cresset
