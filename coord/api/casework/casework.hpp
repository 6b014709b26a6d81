#pragma once

#include "coord/casework/repository.hpp"
#include "coord/http/router.hpp"

#include <functional>

namespace cresset::coord::api::casework {

/// What the routes work on; all outlive the router.
struct parts {
  coord::casework::repository& store;
  /// Told every incident that changed, so that pages learn of it.
  std::function<void(incident::incident_id)> changed;
};

/// Installs all routes of the room.
void install(http::router& router, const parts& all);

} // namespace cresset::coord::api::casework
