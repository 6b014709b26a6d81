#include "detect/inspect/buffer/number.hpp"

#include <array>
#include <cctype>
#include <cerrno>
#include <cstdlib>

namespace cresset::detect::inspect::buffer {

std::optional<taken_number> read_binary(byte_view bytes, rule::payload::byte_order order) noexcept {
  if (bytes.empty() || bytes.size() > 8)
    return std::nullopt;
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto place = order == rule::payload::byte_order::little ? bytes.size() - 1 - i : i;
    value = value << 8 | std::to_integer<std::uint64_t>(bytes[place]);
  }
  return taken_number{value, bytes.size()};
}

std::optional<taken_number> read_text(byte_view bytes, rule::payload::number_text text) noexcept {
  std::array<char, 24> copy{};
  if (bytes.empty() || bytes.size() >= copy.size())
    return std::nullopt;
  for (std::size_t i = 0; i < bytes.size(); ++i)
    copy[i] = static_cast<char>(bytes[i]);
  const int base = text == rule::payload::number_text::hexadecimal ? 16
                   : text == rule::payload::number_text::octal     ? 8
                                                                   : 10;
  errno = 0;
  char* end = nullptr;
  const auto value = std::strtoull(copy.data(), &end, base);
  if (end == copy.data() || errno != 0)
    return std::nullopt;
  return taken_number{value, static_cast<std::size_t>(end - copy.data())};
}

} // namespace cresset::detect::inspect::buffer
