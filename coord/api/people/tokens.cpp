// Tokens of programs. A token is shown once, when it is made; it opens what its owner may and its
// scope names, and never what is `member` (one's own account) or `administrator` (everybody's):
// those are for people who signed in.
#include "coord/api/json_input.hpp"
#include "coord/api/json_output.hpp"
#include "coord/api/people/people_parts.hpp"
#include "coord/api/query_input.hpp"
#include "coord/api/store_answer.hpp"

#include <algorithm>

namespace cresset::coord::api::people {

namespace {

using coord::people::api_token;
using incident::user_id;

constexpr http::right_set grantable{http::right::partner,    http::right::reader,
                                    http::right::writer,     http::right::lead,
                                    http::right::maintainer, http::right::auditor};
constexpr std::int64_t longest_days = 366;

void write_scope(json_writer& json, http::right_set scope) {
  json.key("scope").begin_array();
  for (std::size_t i = 1; i < http::right_count; ++i)
    if (const auto one = static_cast<http::right>(i); scope.has(one))
      json.text(to_string(one));
  json.end_array();
}

void write_members(json_writer& json, const api_token& token) {
  json.member("id", token.id.value).member("name", token.name).member("prefix", token.prefix);
  write_scope(json, http::right_set::of_bits(token.scope));
  write_time(json, "made", token.made);
  write_time(json, "expires", token.expires);
  write_time(json, "used", token.used.value_or(timestamp{}));
}

http::response list_of(const people_parts& all, user_id owner) {
  const auto found = all.credentials.tokens_of(owner);
  if (!found)
    return answer_to(found.error());
  std::string body;
  json_writer json{body};
  json.begin_object().key("tokens").begin_array();
  for (const auto& token : *found) {
    json.begin_object();
    write_members(json, token);
    json.end_object();
  }
  json.end_array().end_object();
  return http::json_response(std::move(body));
}

http::response list(const people_parts& all, const http::request& r) {
  query_input query{r};
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  return list_of(all, {r.who->account});
}

http::response list_of_other(const people_parts& all, const http::request& r) {
  query_input query{r};
  const user_id id{query.id("id")};
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  if (const auto user = all.users.find(id); !user)
    return answer_to(user.error());
  return list_of(all, id);
}

/// "reader writer": the rights a token is made for, as RFC 6749 writes a scope.
std::optional<http::right_set> scope_from(std::string_view text) {
  http::right_set scope;
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    const auto one = http::right_from(text.substr(0, end));
    if (!one || !grantable.has(*one))
      return std::nullopt;
    scope = http::right_set::of_bits(scope.bits() | http::right_set{*one}.bits());
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return scope.is_empty() ? std::nullopt : std::optional{scope};
}

http::response add(const people_parts& all, const http::request& r) {
  auto in = json_input::body_of(r);
  api_token token;
  token.owner = {r.who->account};
  token.name = in.text("name", {.most = 64}).value_or("");
  const auto scope = in.word("scope", scope_from);
  const auto days = in.number("days", 1, longest_days);
  if (scope && (*scope & r.who->rights) != *scope)
    in.refuse("scope", "holds a right that you do not have");
  if (auto wrong = in.mistake())
    return std::move(*wrong);
  const auto text = coord::people::random_token();
  token.prefix = coord::people::prefix_of_token(text);
  token.scope = scope->bits();
  token.made = all.now();
  token.expires = token.made + std::chrono::hours{24 * *days};
  const auto added =
      all.credentials.add_token(token, coord::people::hash_of_token(text), r.who->name);
  if (!added)
    return answer_to(added.error());
  token.id = *added;
  std::string body;
  json_writer json{body};
  json.begin_object();
  write_members(json, token);
  json.member("token", text).end_object();
  return http::json_response(std::move(body), 201);
}

http::response revoke_of(const people_parts& all, const http::request& r, user_id owner,
                         coord::people::token_id token) {
  if (const auto gone = all.credentials.revoke_token(owner, token, r.who->name, all.now()); !gone)
    return answer_to(gone.error());
  return http::no_content();
}

http::response revoke(const people_parts& all, const http::request& r) {
  query_input query{r};
  const coord::people::token_id id{query.id("id")};
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  return revoke_of(all, r, {r.who->account}, id);
}

http::response revoke_of_other(const people_parts& all, const http::request& r) {
  query_input query{r};
  const user_id owner{query.id("id")};
  const coord::people::token_id token{query.id("token")};
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  return revoke_of(all, r, owner, token);
}

} // namespace

void install_tokens(http::router& routes, const people_parts& all) {
  using http::method;
  using http::right;
  add_route(routes, all, method::get, "/api/v1/tokens", right::member, list);
  add_route(routes, all, method::post, "/api/v1/tokens", right::member, add);
  add_route(routes, all, method::remove, "/api/v1/tokens/{id}", right::member, revoke);
  add_route(routes, all, method::get, "/api/v1/users/{id}/tokens", right::administrator,
            list_of_other);
  add_route(routes, all, method::remove, "/api/v1/users/{id}/tokens/{token}", right::administrator,
            revoke_of_other);
}

} // namespace cresset::coord::api::people
