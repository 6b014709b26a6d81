#pragma once

#include "coord/incident/group_batch.hpp"

#include <pqxx/pqxx>

#include <string>
#include <vector>

namespace cresset::coord::store {

/// Gives the batch all it wants to know: spreads, live groups (locked), standing dismissals
/// (locked).
void read_into(pqxx::work& t, incident::group_batch& batch);

/// Where the alerts of a batch stand: number n of the batch is alert `first` + n.
struct batch_positions {
  std::int64_t first = 0;
  std::string received;
};

/// Writes groups, spreads, dismissals and `group_change`; gives the group's id for each outcome.
std::vector<std::int64_t> write_groups(pqxx::work& t, const incident::group_batch& batch,
                                       const batch_positions& where);

/// The columns from which `group_of` reads a whole group, for SELECT … FROM alert_group g.
extern const char* const group_columns;
incident::alert_group group_of(const pqxx::row& row);
/// The columns from which `key_of` reads, in their order: gid, sid, victim, attacker, level,
/// direction, exercise.
incident::group_key key_of(const pqxx::row& row, int first_column);
/// The columns owner, sector, criticality, victim_country, attacker_country, in this order.
incident::group_place place_of(const pqxx::row& row, int first_column);
/// What the column `direction` holds: the direction in the lowest bit, the traffic above it.
int direction_code(incident::group_direction direction, incident::traffic way) noexcept;

} // namespace cresset::coord::store
