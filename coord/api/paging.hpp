#pragma once

#include "coord/api/query_input.hpp"
#include "coord/incident/repository.hpp"

namespace cresset::coord::api {

inline constexpr int default_page_rows = 50;

/// "limit" of a list: 1 to `incident::page_limit` rows.
inline int page_rows(query_input& query) {
  return static_cast<int>(query.number("limit", default_page_rows, 1, incident::page_limit));
}

} // namespace cresset::coord::api
