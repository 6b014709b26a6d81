#pragma once

#include "coord/incident/repository.hpp"

#include <pqxx/pqxx>

namespace cresset::coord::store {

/// Makes a dismissal of this group stand: with the severity, hourly rate and victims that its scope
/// has at this moment.
incident::result<void> insert_standing(pqxx::work& t, incident::decision_id decision,
                                       const incident::alert_group& group,
                                       const incident::standing& how, timestamp at);

} // namespace cresset::coord::store
