#pragma once

#include "coord/alarm/alarm_repository.hpp"
#include "coord/clock/clock_repository.hpp"
#include "coord/http/router.hpp"

namespace cresset::coord::api::clock {

/// What these routes work on; everything outlives the router and is thread safe.
struct clock_parts {
  coord::clock::clock_repository& clocks;
  coord::alarm::alarm_repository& alarms;
};

/// The clocks and deadlines of incidents, the table they come from (/api/v1/deadlines,
/// /api/v1/deadline-table). Reading is for everybody; clocks are stopped by analysts, the table is
/// put by leads.
void install_clocks(http::router& router, const clock_parts& all);

/// /api/v1/alarms: what needs a person now, and who took it.
void install_alarms(http::router& router, const clock_parts& all);

} // namespace cresset::coord::api::clock
