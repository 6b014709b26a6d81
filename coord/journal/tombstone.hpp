#pragma once

#include "coord/journal/event.hpp"

namespace cresset::coord::journal {

/// The event that says which entry's body was erased, and why. It stands in the chain before the
/// body goes.
event erasure_of(const entry& erased, std::string by, std::string reason, timestamp at);
/// The same for all bodies of first…last that are not kept, as retention erases them: one entry for
/// the whole range, so that a journal that is cleaned every day does not grow by it.
struct erased_range {
  std::int64_t first = 0;
  std::int64_t last = 0;
};
event erasure_of(erased_range range, std::string by, std::string reason, timestamp at);
/// The sequences that an `erased` entry names, both ends included; nothing for any other entry.
std::optional<erased_range> erased_by(const entry& of);
/// The entry without body and salt. Its hashes stay.
entry tombstone_of(entry of);

} // namespace cresset::coord::journal
