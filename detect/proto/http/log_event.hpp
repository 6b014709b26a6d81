#pragma once

#include "detect/proto/direction.hpp"

#include <string_view>

namespace cresset::detect::proto::http {

/// The event that a message of the parser library stands for, as `app-layer-event:http.` names it;
/// empty for messages that are none. `fed` is the direction whose bytes were being parsed.
std::string_view event_of(std::string_view message, direction fed) noexcept;

} // namespace cresset::detect::proto::http
