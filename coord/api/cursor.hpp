#pragma once

#include "coord/incident/repository.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace cresset::coord::api {

/// Where the next page of a list begins, as text that clients hand back unread. It holds nothing
/// secret, and a forged one selects another page of the same list, no more.
std::string to_cursor(const incident::queue_key& key);
std::string to_cursor(const incident::incident_key& key);

/// Nothing for text that is not a cursor of that list.
std::optional<incident::queue_key> queue_key_from(std::string_view cursor) noexcept;
std::optional<incident::incident_key> incident_key_from(std::string_view cursor) noexcept;

} // namespace cresset::coord::api
