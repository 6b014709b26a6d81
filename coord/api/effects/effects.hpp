#pragma once

#include "coord/effect/repository.hpp"
#include "coord/http/router.hpp"

namespace cresset::coord::api::effects {

/// Installs the routes; `store` outlives the router.
void install(http::router& router, effect::repository& store);

} // namespace cresset::coord::api::effects
