#pragma once

#include "coord/api/routes.hpp"

namespace cresset::coord::api {

/// /api/v1/partners: the links; /api/v1/incidents/{id}/releases: what the gate says, and releasing.
void install_partners(http::router& router, const parts& all);

} // namespace cresset::coord::api
