#pragma once

#include "coord/http/router.hpp"
#include "coord/retention/retention_policy.hpp"
#include "coord/retention/retention_repository.hpp"

namespace cresset::coord::api::retention {

/// What these routes work on; the repository outlives the router and is thread safe.
struct retention_parts {
  coord::retention::retention_repository& kept;
  coord::retention::retention_policy policy;
};

/// What is kept for how long, what is held, what was erased: coord/api/openapi/retention.json.
void install_retention(http::router& router, const retention_parts& all);

} // namespace cresset::coord::api::retention
