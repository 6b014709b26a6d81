// One's own sessions, and those of others for an administrator; and a new first password.
#include "coord/api/account_store.hpp"
#include "coord/api/json_input.hpp"
#include "coord/api/json_output.hpp"
#include "coord/api/people/people_parts.hpp"
#include "coord/api/query_input.hpp"
#include "coord/api/store_answer.hpp"

namespace cresset::coord::api::people {

namespace {

using incident::user_id;

http::response list(const people_parts& all, const http::request& r) {
  query_input query{r};
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  const auto found = all.users.sessions_of({r.who->account});
  if (!found)
    return answer_to(found.error());
  const auto own = all.sessions.hash_of(r.who->session);
  std::string body;
  json_writer json{body};
  json.begin_object().key("sessions").begin_array();
  for (const auto& [hash, session] : *found) {
    json.begin_object().member("id", session.id.value).member("address", session.peer);
    write_time(json, "begun", session.begun);
    write_time(json, "used", session.used);
    write_time(json, "expires", session.expires);
    json.member("current", own == hash).end_object();
  }
  json.end_array().end_object();
  return http::json_response(std::move(body));
}

http::response end_one(const people_parts& all, const http::request& r) {
  query_input query{r};
  const incident::session_id id{query.id("id")};
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  const auto ended = all.users.end_session({r.who->account}, id, r.who->name);
  if (!ended)
    return answer_to(ended.error());
  all.sessions.forget(*ended);
  return http::no_content();
}

http::response end_others(const people_parts& all, const http::request& r) {
  query_input query{r};
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  const auto found = all.users.sessions_of({r.who->account});
  if (!found)
    return answer_to(found.error());
  const auto own = all.sessions.hash_of(r.who->session);
  for (const auto& [hash, session] : *found) {
    if (own == hash)
      continue;
    if (const auto ended = all.users.end_session({r.who->account}, session.id, r.who->name))
      all.sessions.forget(hash);
  }
  return http::no_content();
}

http::response end_all_of(const people_parts& all, const http::request& r) {
  query_input query{r};
  const user_id id{query.id("id")};
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  const auto user = all.users.find(id);
  if (!user)
    return answer_to(user.error());
  const auto found = all.users.sessions_of(id);
  if (!found)
    return answer_to(found.error());
  for (const auto& [hash, session] : *found)
    if (const auto ended = all.users.end_session(id, session.id, r.who->name))
      all.sessions.forget(hash);
  return http::no_content();
}

/// For somebody who forgot: a password that opens nothing but its change.
http::response reset(const people_parts& all, const http::request& r) {
  query_input query{r};
  const user_id id{query.id("id")};
  auto in = json_input::body_of(r);
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  if (auto wrong = in.mistake())
    return std::move(*wrong);
  if (id.value == r.who->account)
    return http::problem(422, "change your own password: PUT /api/v1/users/{id}/password");
  const auto user = all.users.find(id);
  if (!user)
    return answer_to(user.error());
  const auto password = random_password();
  const auto hash = http::hash_password(password);
  if (!hash)
    return http::problem(503, "no memory to hash a password; try again later");
  if (const auto done = all.users.change_password(id, *hash, r.who->name); !done)
    return answer_to(done.error());
  all.sessions.end_all(user->login);
  std::string body;
  json_writer{body}.begin_object().member("first_password", password).end_object();
  return http::json_response(std::move(body));
}

} // namespace

void install_sessions(http::router& routes, const people_parts& all) {
  using http::method;
  using http::right;
  add_route(routes, all, method::get, "/api/v1/sessions", right::member, list);
  add_route(routes, all, method::remove, "/api/v1/sessions", right::member, end_others);
  add_route(routes, all, method::remove, "/api/v1/sessions/{id}", right::member, end_one);
  add_route(routes, all, method::remove, "/api/v1/users/{id}/sessions", right::administrator,
            end_all_of);
  add_route(routes, all, method::post, "/api/v1/users/{id}/reset", right::administrator, reset);
}

} // namespace cresset::coord::api::people
