#include "coord/casework/incident_move.hpp"

#include <algorithm>
#include <array>

namespace cresset::coord::casework {

bool is_link_kind(std::string_view word) noexcept {
  static constexpr std::array<std::string_view, 6> kinds{"related", "duplicate", "led-to",
                                                         "merged",  "split",     "same-campaign"};
  return std::ranges::find(kinds, word) != kinds.end();
}

} // namespace cresset::coord::casework
