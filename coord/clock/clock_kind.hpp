#pragma once

#include "coord/incident/words.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace cresset::coord::clock {

/// The moments of an incident that deadlines are counted from and to.
enum class clock_kind : std::uint8_t {
  detected = 0,         ///< its first alert, by the capture clock
  aware = 1,            ///< it was opened
  acknowledged = 2,     ///< somebody took it, or moved it on from `new`
  owner_notified = 3,   ///< whose network it is was told
  partner_notified = 4, ///< a partner CIRT was sent it
  contained = 5,
  closed = 6,
};

inline constexpr std::size_t clock_count = 7;
inline constexpr incident::words<clock_kind, clock_count> clock_words{
    {"detected", "aware", "acknowledged", "owner_notified", "partner_notified", "contained",
     "closed"}};

constexpr std::string_view to_string(clock_kind kind) noexcept {
  return clock_words.word(kind);
}
constexpr std::optional<clock_kind> clock_from(std::string_view word) noexcept {
  return clock_words.value(word);
}

} // namespace cresset::coord::clock
