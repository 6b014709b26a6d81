#include "capture/base/ip_address.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <arpa/inet.h>

namespace cresset {

std::optional<ip_address> ip_address::parse(std::string_view text) {
  std::array<char, INET6_ADDRSTRLEN + 1> copy{};
  if (text.size() >= copy.size())
    return std::nullopt;
  std::copy(text.begin(), text.end(), copy.begin());
  std::array<std::byte, 16> bytes{};
  if (inet_pton(AF_INET, copy.data(), bytes.data()) == 1)
    return v4(std::span<const std::byte, 4>{bytes.data(), 4});
  if (inet_pton(AF_INET6, copy.data(), bytes.data()) == 1)
    return v6(bytes);
  return std::nullopt;
}

ip_address ip_address::prefix(unsigned bits) const noexcept {
  ip_address result = *this;
  for (std::size_t i = 0; i < 16; ++i) {
    const auto first = static_cast<unsigned>(i) * 8;
    if (first >= bits)
      result.bytes_[i] = std::byte{0};
    else if (bits - first < 8)
      result.bytes_[i] &= static_cast<std::byte>(0xff00U >> (bits - first));
  }
  return result;
}

std::string ip_address::to_string() const {
  if (is_v4()) {
    const auto v = v4_value();
    return fmt::format("{}.{}.{}.{}", v >> 24, v >> 16 & 0xff, v >> 8 & 0xff, v & 0xff);
  }
  std::string text;
  for (std::size_t i = 0; i < 16; i += 2)
    fmt::format_to(std::back_inserter(text), "{}{:04x}", i == 0 ? "" : ":",
                   load_be16(std::span<const std::byte, 2>{&bytes_[i], 2}));
  return text;
}

} // namespace cresset
