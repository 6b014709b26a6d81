#pragma once

#include "coord/incident/group_batch.hpp"
#include "detect/alert/alert.hpp"

namespace cresset::coord::incident {

/// What a group takes from the sensor's alert; views into `alert`. The victim is the rule's
/// `target`, else the packet's destination; the attacker is the other end. An alert without
/// addresses has 0.0.0.0 for both.
alert_facts facts_of(const detect::alert::alert& alert, sensor_number sensor);

} // namespace cresset::coord::incident
