#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace cresset::coord::incident {

/// The words of an enum whose values count from 0, in order: one table serves printing and reading.
template <typename Enum, std::size_t Count>
struct words {
  std::array<std::string_view, Count> of;

  constexpr std::string_view word(Enum value) const noexcept {
    const auto index = static_cast<std::size_t>(value);
    return index < Count ? of[index] : std::string_view{"unknown"};
  }
  constexpr std::optional<Enum> value(std::string_view text) const noexcept {
    for (std::size_t i = 0; i < Count; ++i)
      if (of[i] == text)
        return static_cast<Enum>(i);
    return std::nullopt;
  }
};

} // namespace cresset::coord::incident
