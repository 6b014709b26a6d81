#pragma once

#include "coord/api/health.hpp"
#include "coord/api/notify/notification_routes.hpp"
#include "coord/server/config.hpp"
#include "coord/server/notify_loop.hpp"
#include "coord/store/notify/notification_store.hpp"

namespace cresset::coord::server {

/// All that tells owners: the letters, the queue with its thread, the routes.
class owner_desk {
public:
  /// All outlive the desk. Throws std::runtime_error with one line for letters or a key that cannot
  /// be used.
  owner_desk(const config& settings, store::connection_pool& pool,
             segment::segment_repository& registry, delivery::mail_sender& mail);

  /// Before the server starts.
  void install(http::router& routes, http::push_hub& pushes);
  std::vector<api::metric> metrics() const;

private:
  store::notify::notification_store notices_;
  const notify::letters letters_;
  notify::notice_desk desk_;
  api::notify::answer_limiter limiter_;
  notify_loop loop_;
};

} // namespace cresset::coord::server
