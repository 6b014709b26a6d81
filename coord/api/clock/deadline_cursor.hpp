#pragma once

#include "coord/clock/clock_repository.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace cresset::coord::api::clock {

/// Where the next page of deadlines begins: "d", then due time in ns, incident and clock in hex
/// with fixed widths, then the regime.
std::string to_cursor(const coord::clock::deadline_key& key);
/// Nothing for text that is not such a cursor.
std::optional<coord::clock::deadline_key> deadline_key_from(std::string_view cursor);

} // namespace cresset::coord::api::clock
