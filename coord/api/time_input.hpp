#pragma once

#include "capture/base/timestamp.hpp"

#include <optional>
#include <string_view>

namespace cresset::coord::api {

/// Reads a time as clients write it: RFC 3339 ("2026-11-21T22:07:38.123Z", "…+06:00"), or a day
/// alone ("2026-11-21"), which is its first moment in UTC. Nothing for any other text, and for
/// times before 1970 or after 2199.
std::optional<timestamp> time_from(std::string_view text) noexcept;

} // namespace cresset::coord::api
