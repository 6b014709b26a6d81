#pragma once

#include "coord/incident/address_book.hpp"

#include <optional>
#include <string>

namespace cresset::coord::incident {

/// Whose an address of ours is, as far as incidents need to know.
struct asset {
  /// The organisation, under the name the registry keeps it.
  std::string owner;
  /// The registry's code of the sector; may be empty.
  std::string sector;
  /// 0 (unknown or of no weight) to 100.
  int criticality = 0;
};

/// Of the place a group keeps of its victim; nothing when the registry knows nothing of it. The
/// registry's steps of criticality (1 to 5) count 20 each.
inline std::optional<asset> asset_of(const group_place& place) {
  if (place.owner.empty() && place.sector.empty() && place.criticality == 0)
    return std::nullopt;
  return asset{place.owner, place.sector, place.criticality * (100 / criticality_limit)};
}

} // namespace cresset::coord::incident
