#pragma once

#include "coord/incident/repository.hpp"
#include "coord/incident/rsit_map.hpp"

#include <pqxx/pqxx>

namespace cresset::coord::store {

/// Records an acknowledgement, a dismissal or the raising to an incident: docs/database.md,
/// "Decisions".
incident::result<incident::decision> record(pqxx::work& t,
                                            const incident::decision_request& request,
                                            const incident::rsit_map& classes, timestamp at);
/// Takes the newest decision of a group back.
incident::result<incident::decision> undo(pqxx::work& t, const incident::decision_request& request,
                                          timestamp at);

/// SELECT … FROM decision d LEFT JOIN standing_dismissal s …, without WHERE, for `decisions_of`.
extern const char* const decision_select;
std::vector<incident::decision> decisions_of(const pqxx::result& rows);

} // namespace cresset::coord::store
