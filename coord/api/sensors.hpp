#pragma once

#include "coord/api/routes.hpp"

namespace cresset::coord::api {

/// /api/v1/sensors: who watches, and which keys knocked without being known.
void install_sensors(http::router& router, const parts& all);

} // namespace cresset::coord::api
