#pragma once

#include "coord/api/routes.hpp"

namespace cresset::coord::api {

/// /api/v1/groups: the queue, one group, its alerts and their evidence.
void install_groups(http::router& router, const parts& all);

} // namespace cresset::coord::api
