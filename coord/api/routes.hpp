#pragma once

#include "coord/api/partner_board.hpp"
#include "coord/api/sensor_board.hpp"
#include "coord/http/login.hpp"
#include "coord/http/push_hub.hpp"
#include "coord/http/router.hpp"
#include "coord/incident/repository.hpp"
#include "coord/incident/user_repository.hpp"

#include <functional>
#include <string>
#include <vector>

namespace cresset::coord::api {

/// A number for Prometheus (text format 0.0.4): name, help, "counter" or "gauge", value, labels
/// ("a=\"b\"") or empty.
struct metric {
  std::string name;
  std::string help;
  std::string type;
  double value = 0;
  std::string labels;
};

/// What the API works on. Everything outlives the router; everything is thread safe.
struct parts {
  incident::group_repository& groups;
  incident::incident_repository& incidents;
  incident::user_repository& users;
  sensor_board& sensors;
  partner_board& partners;
  http::login& sessions;
  http::push_hub& pushes;
  /// Answers nothing when the server can do its work now, else the reason in one line (/readyz).
  std::function<std::string()> not_ready;
  /// Called for each scrape (/metrics); the parts' own numbers come on top of it.
  std::function<std::vector<metric>()> metrics;
};

/// Installs every route of the API. `openapi.json` in this folder lists them; a test holds the two
/// together. `all` is copied into the handlers (its references, not what they refer to).
void install(http::router& router, const parts& all);

} // namespace cresset::coord::api
