#pragma once

#include "coord/journal/event.hpp"

namespace cresset::coord::journal {

/// The event that says which entry's body was erased, and why. It stands in the chain before the
/// body goes.
event erasure_of(const entry& erased, std::string by, std::string reason, timestamp at);
/// The sequence that an `erased` entry names; nothing for any other entry.
std::optional<std::int64_t> erased_sequence(const entry& of);
/// The entry without body and salt. Its hashes stay.
entry tombstone_of(entry of);

} // namespace cresset::coord::journal
