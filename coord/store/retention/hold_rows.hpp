#pragma once

#include "coord/retention/retention_repository.hpp"

#include <pqxx/pqxx>

namespace cresset::coord::store::retention {

/// SELECT … FROM legal_hold h … up to and without WHERE, for `hold_of`.
extern const char* const hold_select;
coord::retention::legal_hold hold_of(const pqxx::row& row);

incident::result<coord::retention::legal_hold>
place_hold(pqxx::work& t, const coord::retention::hold_request& wanted, timestamp at);

struct lifting {
  coord::retention::hold_id id;
  std::string reason;
  incident::user_id by;
};
incident::result<coord::retention::legal_hold> lift_hold(pqxx::work& t, const lifting& wanted,
                                                         timestamp at);

} // namespace cresset::coord::store::retention
