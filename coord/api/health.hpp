#pragma once

#include "coord/api/routes.hpp"
#include "coord/http/server.hpp"

namespace cresset::coord::api {

/// /healthz (the process answers), /readyz (it can do its work), /metrics (Prometheus text format
/// 0.0.4).
///
/// /metrics is for this machine and for those who signed in: its numbers tell a stranger too much.
void install_health(http::router& router, const parts& all);

/// The HTTPS server's own numbers, for whoever fills `parts::metrics`.
std::vector<metric> metrics_of(const http::server_counters& counters);

} // namespace cresset::coord::api
