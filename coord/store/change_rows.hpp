#pragma once

#include "coord/incident/group_change.hpp"

#include <pqxx/pqxx>

#include <vector>

namespace cresset::coord::store {

/// Changes behind a position, in order, at most `limit`.
std::vector<incident::group_change> read_changes(pqxx::work& t, std::int64_t after, int limit);

} // namespace cresset::coord::store
