#pragma once

#include "coord/api/segment/upload_shelf.hpp"
#include "coord/http/router.hpp"
#include "coord/incident/address_book.hpp"
#include "coord/segment/segment_repository.hpp"

#include <functional>

namespace cresset::coord::api::segment {

/// What the routes work on. Everything outlives the router; everything is thread safe.
struct parts {
  coord::segment::segment_repository& registry;
  const incident::address_books& books;
  upload_shelf& uploads;
  /// Tells that the registry changed, so that it is in force at once and not within a second.
  std::function<void()> changed;
};

/// Installs /api/v1/segment/…; `openapi/segment.json` describes them.
void install(http::router& router, const parts& all);

} // namespace cresset::coord::api::segment
