#include "coord/api/users.hpp"

#include "coord/api/account_store.hpp"
#include "coord/api/json_input.hpp"
#include "coord/api/json_output.hpp"
#include "coord/api/query_input.hpp"
#include "coord/api/store_answer.hpp"

namespace cresset::coord::api {

namespace {

constexpr int user_list_limit = 200;
constexpr text_limits password_limits{.least = http::password_least_bytes,
                                      .most = http::password_limit_bytes};

void write_members(json_writer& json, const incident::user& user) {
  json.member("id", user.id.value)
      .member("login", user.login)
      .member("full_name", user.full_name)
      .member("role", to_string(user.role))
      .member("disabled", user.disabled)
      .member("must_change_password", user.must_change)
      .member("second_factor", user.has_second_factor);
}

void write(json_writer& json, const incident::user& user) {
  json.begin_object();
  write_members(json, user);
  json.end_object();
}

http::response list(const parts& all, const http::request& r) {
  query_input query{r};
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  const auto users = all.users.all(user_list_limit);
  if (!users)
    return answer_to(users.error());
  std::string body;
  json_writer json{body};
  json.begin_object().key("users").begin_array();
  for (const auto& user : *users)
    write(json, user);
  json.end_array().end_object();
  return http::json_response(std::move(body));
}

/// When a change of roles takes two persons, so does a role that a new account begins with.
bool roles_are_held(const http::router& routes) {
  const auto* const change = routes.of_act("PATCH /api/v1/users/{id}");
  return change != nullptr && change->is_held;
}

http::response add(const parts& all, const http::router& routes, const http::request& r) {
  auto in = json_input::body_of(r);
  incident::user user;
  user.login = in.text("login", {.most = 64}).value_or("");
  user.full_name = in.text("full_name", {.least = 0}).value_or("");
  const auto role = in.word("role", incident::user_role_from);
  const bool is_told = in.has("password");
  const auto password = is_told ? in.text("password", password_limits) : random_password();
  user.must_change = in.has("must_change") ? in.boolean("must_change").value_or(true) : true;
  if (!user.login.empty() && !incident::is_login(user.login))
    in.refuse("login", "may hold lower case letters, digits, '.', '-' and '_'");
  if (const auto weak = password ? http::why_weak(*password, user.login) : std::nullopt)
    in.refuse("password", *weak);
  if (auto wrong = in.mistake())
    return std::move(*wrong);
  if (*role != incident::user_role::viewer && roles_are_held(routes))
    return http::problem(422,
                         "a change of roles takes two persons here: make a viewer, then change "
                         "the role",
                         "role");
  const auto hash = http::hash_password(*password);
  if (!hash)
    return http::problem(503, "no memory to hash a password; try again later");
  user.role = *role;
  user.password_hash = *hash;
  const auto added = all.users.add(user, r.who->name);
  if (!added)
    return answer_to(added.error());
  user.id = *added;
  std::string body;
  json_writer json{body};
  json.begin_object();
  write_members(json, user);
  if (!is_told)
    json.member("first_password", *password);
  json.end_object();
  return http::json_response(std::move(body), 201);
}

http::response give_role(const parts& all, const http::request& r, const incident::user& user,
                         incident::user_role role) {
  if (user.id.value == r.who->account)
    return http::problem(422, "nobody changes their own role");
  if (const auto done = all.users.change_role(user.id, role, r.who->name); !done)
    return answer_to(done.error());
  all.sessions.end_all(user.login); // the next one has the new rights
  return http::no_content();
}

http::response switch_on_or_off(const parts& all, const http::request& r,
                                const incident::user& user, bool disabled) {
  if (disabled && user.id.value == r.who->account)
    return http::problem(422, "nobody switches off their own account");
  if (const auto done = all.users.disable(user.id, disabled, r.who->name); !done)
    return answer_to(done.error());
  if (disabled)
    all.sessions.end_all(user.login);
  return http::no_content();
}

http::response change(const parts& all, const http::request& r) {
  query_input query{r};
  const incident::user_id id{query.id("id")};
  auto in = json_input::body_of(r);
  const bool is_role = in.has("role");
  const auto role = is_role ? in.word("role", incident::user_role_from) : std::nullopt;
  const auto disabled = is_role ? std::nullopt : in.boolean("disabled");
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  if (auto wrong = in.mistake())
    return std::move(*wrong);
  const auto user = all.users.find(id);
  if (!user)
    return answer_to(user.error());
  return is_role ? give_role(all, r, *user, *role) : switch_on_or_off(all, r, *user, *disabled);
}

/// An administrator sets anybody's password; everybody else their own, by telling the old one.
http::response set_password(const parts& all, const http::request& r) {
  query_input query{r};
  const incident::user_id id{query.id("id")};
  auto in = json_input::body_of(r);
  const auto password = in.text("password", password_limits);
  const bool is_own = id.value == r.who->account;
  const auto old =
      is_own ? in.text("old_password", {.most = http::password_limit_bytes}) : std::nullopt;
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  if (auto wrong = in.mistake())
    return std::move(*wrong);
  if (!is_own && !r.who->rights.has(http::right::administrator))
    return http::problem(403, "only an administrator sets the password of somebody else");
  const auto user = all.users.find(id);
  if (!user)
    return answer_to(user.error());
  if (const auto weak = http::why_weak(*password, user->login))
    return http::problem(400, "\"password\" " + *weak, "password");
  if (is_own && !all.sessions.is_password(user->login, *old, r.peer))
    return http::problem(403, "the old password is wrong", "old_password");
  const auto hash = http::hash_password(*password);
  if (!hash)
    return http::problem(503, "no memory to hash a password; try again later");
  if (const auto done = all.users.change_password(id, *hash, r.who->name); !done)
    return answer_to(done.error());
  all.sessions.end_all(user->login);
  return http::no_content();
}

} // namespace

void install_users(http::router& router, const parts& all) {
  using http::access_level;
  using http::method;
  const auto add_route = [&](method m, const char* path, access_level needs, auto answer) {
    router.add(m, path, needs, [all, answer](const http::request& r) { return answer(all, r); });
  };
  add_route(method::get, "/api/v1/users", access_level::administrator, list);
  router.add(method::post, "/api/v1/users", access_level::administrator,
             [all, &router](const http::request& r) { return add(all, router, r); });
  add_route(method::patch, "/api/v1/users/{id}", access_level::administrator, change);
  add_route(method::put, "/api/v1/users/{id}/password", access_level::member, set_password);
}

} // namespace cresset::coord::api
