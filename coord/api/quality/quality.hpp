#pragma once

#include "coord/http/router.hpp"
#include "coord/quality/repository.hpp"

namespace cresset::coord::api::quality {

/// Installs the routes; `store` outlives the router.
void install(http::router& router, coord::quality::repository& store);

} // namespace cresset::coord::api::quality
