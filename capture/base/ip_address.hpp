#pragma once

#include "capture/base/byte_order.hpp"

#include <compare>
#include <optional>
#include <string>

namespace cresset {

/// An IPv4 or IPv6 address. Both live in 16 bytes, IPv4 in the first four with the rest zero; the
/// family is part of every comparison and hash, so that no IPv4 address equals an IPv6 one.
class ip_address {
public:
  /// 0.0.0.0
  constexpr ip_address() noexcept = default;

  static constexpr ip_address v4(std::uint32_t host_order) noexcept {
    ip_address a;
    store_be32(std::span{a.bytes_}.first<4>(), host_order);
    return a;
  }
  static constexpr ip_address v4(std::span<const std::byte, 4> network_order) noexcept {
    return v4(load_be32(network_order));
  }
  static constexpr ip_address v6(std::span<const std::byte, 16> network_order) noexcept {
    ip_address a;
    a.is_v6_ = true;
    for (std::size_t i = 0; i < 16; ++i)
      a.bytes_[i] = network_order[i];
    return a;
  }
  /// Reads "192.0.2.1" or "2001:db8::1" (RFC 4291 2.2); nothing for any other text.
  static std::optional<ip_address> parse(std::string_view text);

  constexpr bool is_v4() const noexcept { return !is_v6_; }
  constexpr bool is_v6() const noexcept { return is_v6_; }
  /// 32 or 128.
  constexpr unsigned width_bits() const noexcept { return is_v6_ ? 128 : 32; }
  /// The 4 or 16 bytes in network order; they live as long as this address.
  constexpr byte_view bytes() const noexcept {
    return std::span{bytes_}.first(is_v6_ ? std::size_t{16} : std::size_t{4});
  }
  /// All 16 bytes, whatever the family.
  constexpr std::span<const std::byte, 16> storage() const noexcept { return bytes_; }
  /// IPv4 only, in host order.
  constexpr std::uint32_t v4_value() const noexcept {
    return load_be32(std::span{bytes_}.first<4>());
  }

  /// The address with all but its first `bits` bits cleared.
  ip_address prefix(unsigned bits) const noexcept;
  /// Dotted quad, or all eight groups of four digits in lower case ("2001:0db8:0000:…"), which is
  /// how the field's event logs write IPv6 and what the tools that read them compare.
  std::string to_string() const;

  friend constexpr auto operator<=>(const ip_address& a, const ip_address& b) noexcept {
    if (const auto family = a.is_v6_ <=> b.is_v6_; family != 0)
      return family;
    for (std::size_t i = 0; i < 16; ++i)
      if (const auto byte = a.bytes_[i] <=> b.bytes_[i]; byte != 0)
        return byte;
    return std::strong_ordering::equal;
  }
  friend constexpr bool operator==(const ip_address&, const ip_address&) noexcept = default;

private:
  std::array<std::byte, 16> bytes_{};
  bool is_v6_ = false;
};

} // namespace cresset
