// Two persons. A route that the policy names is not carried out when it is called: the call is kept
// as it was made, the answer is 202 with its number, and it waits. Somebody else with the right
// that the route needs reads it and approves; then it is carried out with the rights its maker has
// at that moment, and the answer's status is kept beside it.
//
//   call -> held (router) -> kept, 202 -> POST …/approve by another -> router::carry_out -> done
//                                      -> POST …/refuse by another, …/withdraw by the maker, or 24
//                                      h
#include "coord/api/people/approvals.hpp"

#include "coord/api/account_store.hpp"
#include "coord/api/json_output.hpp"
#include "coord/api/query_input.hpp"
#include "coord/api/store_answer.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace cresset::coord::api::people {

namespace {

using coord::people::approval;
using coord::people::approval_id;
using coord::people::approval_state;

constexpr int page_most = 200;
constexpr std::array<std::string_view, 2> with_secrets{"POST /api/v1/users",
                                                       "POST /api/v1/users/{id}/reset"};

std::string_view word_of(const approval& one, timestamp at) {
  return one.state == approval_state::waiting && at >= one.expires ? "expired"
                                                                   : to_string(one.state);
}

void write(json_writer& json, const approval& one, timestamp at) {
  json.begin_object()
      .member("id", one.id.value)
      .member("act", one.act)
      .member("target", one.target)
      .member("body", one.body)
      .member("asked_by", one.asked_by_login)
      .member("state", word_of(one, at))
      .member("decided_by", one.decided_by_login)
      .member("outcome", one.outcome);
  write_time(json, "asked", one.asked);
  write_time(json, "expires", one.expires);
  write_time(json, "decided", one.decided.value_or(timestamp{}));
  json.end_object();
}

http::response shown(const approval& one, timestamp at, unsigned status = 200) {
  std::string body;
  json_writer json{body};
  write(json, one, at);
  return http::json_response(std::move(body), status);
}

http::response keep(const people_parts& all, const http::request& r, const http::route& of) {
  approval call;
  call.act = of.act();
  call.method = to_string(r.method);
  call.target = r.target;
  call.body = r.body;
  call.asked_by = {r.who->account};
  call.asked_by_login = r.who->name;
  call.asked = all.now();
  call.expires = call.asked + coord::people::approval_life;
  const auto kept = all.approvals.ask(call);
  if (!kept)
    return answer_to(kept.error());
  call.id = *kept;
  return shown(call, call.asked, 202);
}

http::response list(const people_parts& all, const http::request& r) {
  query_input query{r};
  const approval_id before{query.number("before", 0, 0, INT64_MAX)};
  const auto limit = query.number("limit", 50, 1, page_most);
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  const auto found = all.approvals.all(before, static_cast<int>(limit));
  if (!found)
    return answer_to(found.error());
  std::string body;
  json_writer json{body};
  json.begin_object().key("approvals").begin_array();
  for (const auto& one : *found)
    write(json, one, all.now());
  json.end_array().key("next");
  if (static_cast<std::int64_t>(found->size()) == limit)
    json.number(found->back().id.value);
  else
    json.null();
  json.end_object();
  return http::json_response(std::move(body));
}

http::response one(const people_parts& all, const http::request& r) {
  query_input query{r};
  const approval_id id{query.id("id")};
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  const auto found = all.approvals.one(id);
  return found ? shown(*found, all.now()) : answer_to(found.error());
}

/// Why the caller may not be the second person, as an answer.
std::optional<http::response> objection(const people_parts& all, const http::router& routes,
                                        const approval& asked, const http::request& r) {
  const auto self = all.users.find(incident::user_id{r.who->account});
  if (!self)
    return answer_to(self.error());
  coord::people::second_person who;
  who.id = self->id;
  who.is_in_person = r.who->how != http::shown_by::token;
  who.credentials_by = self->credentials_by;
  who.credentials_at = self->credentials_at;
  const auto* const route = routes.of_act(asked.act);
  who.has_right = route != nullptr && r.who->rights.has(route->needs);
  if (const auto why = why_not_second(asked, who, all.now()))
    return http::problem(403, *why);
  return std::nullopt;
}

/// With the rights that whoever asked has now.
http::response carry_out(const people_parts& all, const http::router& routes,
                         const approval& approved) {
  const auto maker = all.users.find(approved.asked_by);
  if (!maker || maker->disabled)
    return http::problem(403, "the account of whoever asked is switched off");
  http::request call;
  if (!http::read_target(approved.target, call))
    return http::problem(400, "the address of the call is malformed");
  call.method = http::method_from(approved.method);
  call.body = approved.body;
  call.headers = {{"Content-Type", "application/json"}};
  call.who = http::identity{maker->login, maker->id.value, rights_of(*maker), 0, {}};
  call.approved_by = approved.decided_by_login;
  return routes.carry_out(call);
}

http::response approve(const people_parts& all, const http::router& routes,
                       const http::request& r) {
  query_input query{r};
  const approval_id id{query.id("id")};
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  const auto asked = all.approvals.one(id);
  if (!asked)
    return answer_to(asked.error());
  if (auto refused = objection(all, routes, *asked, r))
    return std::move(*refused);
  auto approved =
      all.approvals.decide(id, approval_state::approved, {r.who->account}, r.who->name, all.now());
  if (!approved)
    return answer_to(approved.error());
  const auto outcome = carry_out(all, routes, *approved);
  approved->outcome = static_cast<int>(outcome.status);
  approved->state = approval_state::done;
  if (const auto kept = all.approvals.finish(id, approved->outcome, all.now()); !kept)
    return answer_to(kept.error());
  return shown(*approved, all.now());
}

http::response refuse(const people_parts& all, const http::router& routes, const http::request& r) {
  query_input query{r};
  const approval_id id{query.id("id")};
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  const auto asked = all.approvals.one(id);
  if (!asked)
    return answer_to(asked.error());
  if (auto refused = objection(all, routes, *asked, r))
    return std::move(*refused);
  const auto done =
      all.approvals.decide(id, approval_state::refused, {r.who->account}, r.who->name, all.now());
  return done ? shown(*done, all.now()) : answer_to(done.error());
}

http::response withdraw(const people_parts& all, const http::request& r) {
  query_input query{r};
  const approval_id id{query.id("id")};
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  const auto done =
      all.approvals.decide(id, approval_state::withdrawn, {r.who->account}, r.who->name, all.now());
  return done ? shown(*done, all.now()) : answer_to(done.error());
}

} // namespace

void install_approvals(http::router& routes, const people_parts& all) {
  using http::method;
  using http::right;
  add_route(routes, all, method::get, "/api/v1/approvals", right::reader, list);
  add_route(routes, all, method::get, "/api/v1/approvals/{id}", right::reader, one);
  routes.add(method::post, "/api/v1/approvals/{id}/approve", right::member,
             [all, &routes](const http::request& r) { return approve(all, routes, r); });
  routes.add(method::post, "/api/v1/approvals/{id}/refuse", right::member,
             [all, &routes](const http::request& r) { return refuse(all, routes, r); });
  add_route(routes, all, method::post, "/api/v1/approvals/{id}/withdraw", right::member, withdraw);
}

std::vector<std::string> acts_from(std::string_view policy) {
  std::vector<std::string> acts;
  while (!policy.empty()) {
    auto act = policy.substr(0, std::min(policy.find(','), policy.size()));
    policy.remove_prefix(std::min(act.size() + 1, policy.size()));
    while (!act.empty() && act.front() == ' ')
      act.remove_prefix(1);
    while (!act.empty() && act.back() == ' ')
      act.remove_suffix(1);
    if (!act.empty())
      acts.emplace_back(act);
  }
  return acts;
}

void ask_two_persons(http::router& routes, const people_parts& all,
                     const std::vector<std::string>& acts) {
  for (const auto& act : acts) {
    if (std::ranges::find(with_secrets, act) != with_secrets.end())
      throw std::invalid_argument{act + " carries a password, which must not be kept; name PATCH "
                                        "/api/v1/users/{id} for changes of roles"};
    routes.hold(act,
                [all](const http::request& r, const http::route& of) { return keep(all, r, of); });
  }
}

} // namespace cresset::coord::api::people
