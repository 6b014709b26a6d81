#pragma once

#include "coord/segment/segment_repository.hpp"

#include <pqxx/pqxx>

#include <vector>

namespace cresset::coord::store::segment {

/// SELECT list for `record_of`, of segment_record r.
extern const char* const record_columns;
/// How many columns that are.
inline constexpr int record_width = 16;
coord::segment::record record_of(const pqxx::row& row, int first_column = 0);

/// COPY of new versions into segment_record.
void copy_records(pqxx::work& t, const std::string& source,
                  const std::vector<const coord::segment::record*>& records, std::int64_t added_in);
/// Ends the live versions of these records.
void end_records(pqxx::work& t, const std::string& source,
                 const std::vector<const coord::segment::record*>& records,
                 std::int64_t removed_in);

/// SELECT list for `change_set_of`, of segment_change_set c.
extern const char* const change_set_columns;
coord::segment::change_set change_set_of(const pqxx::row& row);
/// Inserts it; its `id` is the answer's.
coord::segment::change_set_id insert_change_set(pqxx::work& t,
                                                const coord::segment::change_set& what);

} // namespace cresset::coord::store::segment
