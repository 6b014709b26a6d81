#pragma once

#include "coord/journal/event.hpp"

#include <pqxx/pqxx>

namespace cresset::coord::store {

/// Appends an event to the journal within the transaction that makes it, and gives its sequence.
/// Locks the journal's head until the commit: it is the last lock a transaction takes
/// (docs/database.md, rule 2).
std::int64_t append(pqxx::work& t, const journal::event& what);

} // namespace cresset::coord::store
