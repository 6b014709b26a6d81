#pragma once

#include "coord/api/routes.hpp"

namespace cresset::coord::api {

/// /api/v1/users: for administrators; changing one's own password for everybody.
void install_users(http::router& router, const parts& all);

} // namespace cresset::coord::api
