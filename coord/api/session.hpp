#pragma once

#include "coord/api/routes.hpp"

namespace cresset::coord::api {

/// /api/v1/session: sign in, who am I, sign out.
void install_session(http::router& router, const parts& all);

} // namespace cresset::coord::api
