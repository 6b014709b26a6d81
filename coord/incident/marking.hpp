#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace cresset::coord::incident {

/// FIRST TLP 2.0, from open to closed: a greater one lets fewer see it.
enum class tlp : std::uint8_t { clear = 0, green = 1, amber = 2, amber_strict = 3, red = 4 };
/// Permissible Actions Protocol, from free to passive only.
enum class pap : std::uint8_t { clear = 0, green = 1, amber = 2, red = 3 };

/// "clear", "green", "amber", "amber+strict", "red".
std::string_view to_string(tlp label) noexcept;
std::string_view to_string(pap label) noexcept;
std::optional<tlp> tlp_from(std::string_view word) noexcept;
std::optional<pap> pap_from(std::string_view word) noexcept;

} // namespace cresset::coord::incident
