#pragma once

#include "coord/api/people/people_parts.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace cresset::coord::api::people {

/// The acts of a policy: "PATCH /api/v1/users/{id}, POST /api/v1/incidents/{id}/releases" in its
/// parts, without what is around them.
std::vector<std::string> acts_from(std::string_view policy);

/// From now on each call of these routes waits for a second person (`/api/v1/approvals`). Start-up
/// only, behind all routes. Throws std::invalid_argument with one line for an act that cannot wait:
/// no such route, nothing changes there, everybody may, or its body carries a secret, which must
/// not be kept.
void ask_two_persons(http::router& routes, const people_parts& all,
                     const std::vector<std::string>& acts);

} // namespace cresset::coord::api::people
