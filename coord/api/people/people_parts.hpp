#pragma once

#include "coord/http/login.hpp"
#include "coord/http/router.hpp"
#include "coord/incident/user_repository.hpp"
#include "coord/people/repository.hpp"
#include "coord/people/secret_box.hpp"

#include <functional>
#include <string>

namespace cresset::coord::api::people {

/// What the routes of this room work on. Everything outlives the router; everything is thread safe.
struct people_parts {
  incident::user_repository& users;
  http::login& sessions;
  coord::people::credential_repository& credentials;
  coord::people::approval_repository& approvals;
  const coord::people::secret_box& box;
  /// Whose accounts these are, as an authenticator shows it.
  std::string issuer;
  std::function<timestamp()> now;
};

/// Installs every route of this room (`openapi/people.json`). `all` is copied into the handlers.
void install_people(http::router& routes, const people_parts& all);

void install_sessions(http::router& routes, const people_parts& all);
void install_second_factor(http::router& routes, const people_parts& all);
void install_tokens(http::router& routes, const people_parts& all);
void install_certificates(http::router& routes, const people_parts& all);
void install_approvals(http::router& routes, const people_parts& all);

/// Adds a route whose handler is a function of the parts and the request.
template <typename Answer>
void add_route(http::router& routes, const people_parts& all, http::method m, const char* pattern,
               http::right needs, Answer answer) {
  routes.add(m, pattern, needs, [all, answer](const http::request& r) { return answer(all, r); });
}

} // namespace cresset::coord::api::people
