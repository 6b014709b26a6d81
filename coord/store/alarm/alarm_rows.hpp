#pragma once

#include "coord/alarm/alarm_repository.hpp"

#include <pqxx/pqxx>

namespace cresset::coord::store::alarm {

/// Raises an alarm, with its entry in the journal, within the transaction that found its cause.
coord::alarm::alarm_repository::raised_alarm
raise_alarm(pqxx::work& t, const coord::alarm::alarm_cause& cause, timestamp at);
/// Clears it when it stands.
void clear_alarm(pqxx::work& t, coord::alarm::alarm_kind kind, const std::string& subject,
                 timestamp at);

} // namespace cresset::coord::store::alarm
