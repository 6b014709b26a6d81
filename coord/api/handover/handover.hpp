#pragma once

#include "coord/alarm/alarm_repository.hpp"
#include "coord/api/partner_board.hpp"
#include "coord/api/sensor_board.hpp"
#include "coord/clock/clock_repository.hpp"
#include "coord/handover/handover_repository.hpp"
#include "coord/http/router.hpp"

namespace cresset::coord::api::handover {

/// What the page is put together from; everything outlives the router and is thread safe.
struct handover_parts {
  coord::handover::handover_repository& handovers;
  coord::clock::clock_repository& clocks;
  coord::alarm::alarm_repository& alarms;
  incident::group_repository& groups;
  sensor_board& sensors;
  partner_board& partners;
};

/// /api/v1/handover: one page for the next shift, written by who goes and accepted by name by who
/// comes. Analysts and leads write and accept.
void install_handover(http::router& router, const handover_parts& all);

} // namespace cresset::coord::api::handover
