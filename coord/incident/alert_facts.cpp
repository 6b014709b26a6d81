#include "coord/incident/alert_facts.hpp"

namespace cresset::coord::incident {

alert_facts facts_of(const detect::alert::alert& alert, sensor_number sensor) {
  alert_facts facts;
  facts.key.gid = alert.gid;
  facts.key.sid = alert.sid;
  facts.key.exercise = alert.exercise;
  if (alert.tuple) {
    const bool source_is_victim = alert.target == detect::alert::target_role::source;
    facts.key.victim = source_is_victim ? alert.tuple->source : alert.tuple->destination;
    facts.key.attacker = source_is_victim ? alert.tuple->destination : alert.tuple->source;
    facts.key.direction =
        source_is_victim ? group_direction::from_victim : group_direction::to_victim;
  }
  facts.severity = alert.severity.value();
  facts.revision = alert.rev;
  facts.message = alert.msg;
  facts.category = alert.category;
  facts.captured = alert.captured_at;
  facts.sensor = sensor;
  return facts;
}

} // namespace cresset::coord::incident
