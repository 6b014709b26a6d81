#include "detect/inspect/buffer/base64.hpp"

namespace cresset::detect::inspect::buffer {
namespace {

constexpr unsigned no_digit = 64;

constexpr unsigned digit(unsigned char c) noexcept {
  if (c >= 'A' && c <= 'Z')
    return c - 'A';
  if (c >= 'a' && c <= 'z')
    return c - 'a' + 26U;
  if (c >= '0' && c <= '9')
    return c - '0' + 52U;
  return c == '+' ? 62U : c == '/' ? 63U : no_digit;
}

} // namespace

bool decode_base64(byte_view encoded, std::vector<std::byte>& out, base64_mode mode) noexcept {
  out.clear();
  out.reserve(encoded.size() / 4 * 3 + 3);
  std::uint32_t bits = 0;
  unsigned held = 0;
  for (const auto byte : encoded) {
    const auto c = std::to_integer<unsigned char>(byte);
    const auto value = digit(c);
    if (c == '=')
      break;
    if (value == no_digit) {
      const bool blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
      if (mode == base64_mode::skipping || (mode == base64_mode::lenient && blank))
        continue;
      if (mode == base64_mode::strict)
        out.clear();
      break;
    }
    bits = (bits << 6 | value) & 0xffffffU;
    held += 6;
    if (held >= 8) {
      held -= 8;
      out.push_back(static_cast<std::byte>(bits >> held & 0xffU));
    }
  }
  return !out.empty();
}

} // namespace cresset::detect::inspect::buffer
