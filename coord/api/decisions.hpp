#pragma once

#include "coord/api/routes.hpp"

namespace cresset::coord::api {

/// /api/v1/groups/{id}/decisions: acknowledge, dismiss, raise to an incident, undo;
/// /api/v1/dismissals: those that stand.
void install_decisions(http::router& router, const parts& all);

} // namespace cresset::coord::api
