#include "coord/store/direct_connection.hpp"

namespace cresset::coord::store {

// libpqxx hands the policy to its base before the member is made and looks at it in init() only,
// as its own basic_connection_base does.
direct_connection::direct_connection(const std::string& url)
    : pqxx::connection_base{policy_}, policy_{url} {
  init();
}

direct_connection::~direct_connection() {
  close();
}

pqxx::connectionpolicy::handle
direct_connection::policy::do_startconnect(pqxx::connectionpolicy::handle before) {
  return handle = pqxx::connect_direct::do_startconnect(before);
}

pqxx::connectionpolicy::handle
direct_connection::policy::do_dropconnect(pqxx::connectionpolicy::handle before) noexcept {
  return handle = pqxx::connect_direct::do_dropconnect(before);
}

pqxx::connectionpolicy::handle
direct_connection::policy::do_disconnect(pqxx::connectionpolicy::handle before) noexcept {
  return handle = pqxx::connect_direct::do_disconnect(before);
}

} // namespace cresset::coord::store
