#include "coord/api/routes.hpp"

#include "coord/api/decisions.hpp"
#include "coord/api/groups.hpp"
#include "coord/api/health.hpp"
#include "coord/api/incidents.hpp"
#include "coord/api/openapi.hpp"
#include "coord/api/partners.hpp"
#include "coord/api/sensors.hpp"
#include "coord/api/session.hpp"
#include "coord/api/users.hpp"

namespace cresset::coord::api {

void install(http::router& router, const parts& all) {
  install_health(router, all);
  install_session(router, all);
  install_users(router, all);
  install_groups(router, all);
  install_decisions(router, all);
  install_incidents(router, all);
  install_partners(router, all);
  install_sensors(router, all);
  router.add(
      http::method::get, "/api/v1/openapi.json", http::access_level::anyone,
      [](const http::request&) { return http::json_response(std::string{openapi_document()}); });
  // The server turns this into a WebSocket when the request asks for one
  // (http::server_config::push_path).
  router.add(
      http::method::get, "/api/v1/events", http::access_level::reader, [](const http::request&) {
        auto answer = http::problem(426, "changes are told over a WebSocket: ask for an upgrade");
        answer.headers.push_back({"Upgrade", "websocket"});
        return answer;
      });
}

} // namespace cresset::coord::api
