#pragma once

#include "coord/incident/stored_alert.hpp"

#include <pqxx/pqxx>

#include <vector>

namespace cresset::coord::store {

/// The newest alerts of these groups before a position (all when 0), newest first.
std::vector<incident::stored_alert> newest_alerts(pqxx::work& t,
                                                  const std::vector<std::int64_t>& groups,
                                                  std::int64_t before, int limit);

} // namespace cresset::coord::store
