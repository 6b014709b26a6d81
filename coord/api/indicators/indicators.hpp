#pragma once

#include "coord/http/router.hpp"
#include "coord/indicator/repository.hpp"

namespace cresset::coord::api::indicators {

/// Installs the routes; `store` outlives the router.
void install(http::router& router, indicator::repository& store);

} // namespace cresset::coord::api::indicators
