#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace cresset::coord::stix {

/// The 16 bytes of a UUID (RFC 9562).
struct uuid {
  std::array<std::byte, 16> bytes{};

  /// Version 4, from the kernel's generator.
  static uuid random();
  /// Version 5: SHA-1 over the namespace and the name.
  static uuid from_name(const uuid& name_space, std::string_view name);
  /// Only the form of 36 characters in lower case.
  static std::optional<uuid> parse(std::string_view text) noexcept;
  std::string to_string() const;

  friend bool operator==(const uuid&, const uuid&) noexcept = default;
};

} // namespace cresset::coord::stix
