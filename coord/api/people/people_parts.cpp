#include "coord/api/people/people_parts.hpp"

namespace cresset::coord::api::people {

void install_people(http::router& routes, const people_parts& all) {
  install_sessions(routes, all);
  install_second_factor(routes, all);
  install_tokens(routes, all);
  install_certificates(routes, all);
  install_approvals(routes, all);
}

} // namespace cresset::coord::api::people
