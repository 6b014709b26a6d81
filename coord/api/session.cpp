#include "coord/api/session.hpp"

#include "capture/base/json_writer.hpp"
#include "coord/api/json_input.hpp"
#include "coord/api/roles.hpp"

namespace cresset::coord::api {

namespace {

/// The account as it is now, for what a page has to know before it goes on.
std::string described(const parts& all, const http::identity& who) {
  std::string body;
  json_writer json{body};
  json.begin_object()
      .member("login", who.name)
      .member("rights", word_for(who.rights))
      .member("csrf_token", who.csrf_token);
  json.key("may").begin_array();
  for (std::size_t i = 1; i < http::right_count; ++i)
    if (const auto one = static_cast<http::right>(i); who.rights.has(one))
      json.text(to_string(one));
  json.end_array();
  if (const auto user = all.users.find(incident::user_id{who.account}))
    json.member("role", to_string(user->role))
        .member("must_change_password", user->must_change)
        .member("second_factor", user->has_second_factor);
  json.end_object();
  return body;
}

http::response refused(const http::refused_login& refusal) {
  using http::login_refusal;
  if (refusal.why == login_refusal::wrong)
    return http::problem(401, "the name, the password or the code is wrong");
  if (refusal.why == login_refusal::code_needed)
    return http::problem(401, "the code of the second factor is needed too", "code");
  if (refusal.why == login_refusal::unavailable)
    return http::problem(503, "the accounts cannot be read now; try again later");
  auto answer =
      refusal.why == login_refusal::busy
          ? http::problem(503, "too many sign in at this moment; try again in a second")
          : http::problem(429, "too many failed tries; wait " +
                                   std::to_string(refusal.wait.count()) + " s before the next");
  answer.headers.push_back({"Retry-After", std::to_string(refusal.wait.count())});
  return answer;
}

http::response sign_in(const parts& all, const http::request& r) {
  auto in = json_input::body_of(r);
  const auto name = in.text("login", {.most = 64});
  const auto password = in.text("password", {.most = http::password_limit_bytes});
  const auto code = in.has("code") ? in.text("code", {.most = 32}) : std::string{};
  if (auto wrong = in.mistake())
    return std::move(*wrong);
  const auto opened = all.sessions.sign_in(*name, *password, r.peer, *code);
  if (!opened)
    return refused(opened.error());
  auto answer = http::json_response(described(all, opened->who), 201);
  answer.headers.push_back({"Set-Cookie", opened->cookie});
  return answer;
}

http::response sign_out(http::login& sessions, const http::request& r) {
  sessions.end(r.who->session);
  auto answer = http::no_content();
  answer.headers.push_back({"Set-Cookie", http::login::cookie_removal()});
  return answer;
}

} // namespace

void install_session(http::router& router, const parts& all) {
  using http::access_level;
  using http::method;
  auto& sessions = all.sessions;
  router.add(method::post, "/api/v1/session", access_level::anyone,
             [all](const http::request& r) { return sign_in(all, r); });
  router.add(method::get, "/api/v1/session", access_level::member,
             [all](const http::request& r) { return http::json_response(described(all, *r.who)); });
  router.add(method::remove, "/api/v1/session", access_level::member,
             [&sessions](const http::request& r) { return sign_out(sessions, r); });
}

} // namespace cresset::coord::api
