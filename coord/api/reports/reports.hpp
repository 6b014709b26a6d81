#pragma once

#include "coord/http/router.hpp"
#include "coord/report/repository.hpp"

namespace cresset::coord::api::reports {

/// Installs the routes; `store` outlives the router.
void install(http::router& router, report::repository& store);

} // namespace cresset::coord::api::reports
