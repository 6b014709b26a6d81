#pragma once

#include "coord/api/routes.hpp"

namespace cresset::coord::api {

/// /api/v1/incidents: the list, one incident with its alerts and history, its changes.
void install_incidents(http::router& router, const parts& all);

} // namespace cresset::coord::api
