#pragma once

#include "coord/incident/address_book.hpp"
#include "coord/incident/group_batch.hpp"
#include "detect/alert/alert.hpp"

namespace cresset::coord::incident {

/// What a group takes from the sensor's alert; views into `alert` and `book`. The victim is the
/// rule's `target`, else the side inside our segment when only one is, else the packet's
/// destination; the attacker is the other end. An alert without addresses has 0.0.0.0 for both.
/// Without a book nothing is known of places.
alert_facts facts_of(const detect::alert::alert& alert, sensor_number sensor,
                     const address_book* book = nullptr);

} // namespace cresset::coord::incident
