#pragma once

#include "coord/api/notify/answer_limiter.hpp"
#include "coord/http/push_hub.hpp"
#include "coord/http/router.hpp"
#include "coord/notify/notice_desk.hpp"

namespace cresset::coord::api::notify {

/// What the routes work on. Everything outlives the router; everything is thread safe.
struct parts {
  coord::notify::notice_desk& desk;
  coord::notify::notification_repository& notices;
  answer_limiter& limiter;
  http::push_hub& pushes;
};

/// Installs /api/v1/incidents/{id}/owners, …/notifications, /api/v1/notifications/… and, for
/// whoever holds a link, /answer/…; `openapi/notify.json` describes them.
void install(http::router& router, const parts& all);
/// The part of it for owners: /answer/{token}.
void install_answers(http::router& router, const parts& all);

} // namespace cresset::coord::api::notify
