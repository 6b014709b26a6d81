#pragma once

#include "coord/clock/clock_repository.hpp"

#include <pqxx/pqxx>

namespace cresset::coord::store::clock {

coord::clock::clock_times read_clocks(pqxx::work& t, incident::incident_id id);
void write_clocks(pqxx::work& t, incident::incident_id id, const coord::clock::clock_times& times);

/// Brings the incident's deadlines to what the table says now: new ones come, those the table no
/// longer sets or that closing made moot are cancelled, a clock that stopped is noted and its
/// alarms are cleared.
void settle_deadlines(pqxx::work& t, incident::incident_id id,
                      const coord::clock::deadline_table& table, std::int64_t version,
                      timestamp at);

/// Raises warnings and alarms that are due; gives how many.
int raise_deadlines(pqxx::work& t, timestamp at, int limit);

} // namespace cresset::coord::store::clock
