// An authenticator (RFC 6238): begin (the secret is shown this once), confirm with a first code,
// take away. Each asks for the password again, so that a session left open is not enough.
#include "coord/api/json_input.hpp"
#include "coord/api/json_output.hpp"
#include "coord/api/people/people_parts.hpp"
#include "coord/api/query_input.hpp"
#include "coord/api/store_answer.hpp"
#include "coord/people/totp.hpp"

#include <vector>

namespace cresset::coord::api::people {

namespace {

using coord::people::secret_hash;
using incident::user_id;

constexpr text_limits password_limits{.most = http::password_limit_bytes};

/// Reads {"password"} and holds it against the account's.
std::optional<http::response> refuse_without_password(const people_parts& all,
                                                      const http::request& r) {
  auto in = json_input::body_of(r);
  const auto password = in.text("password", password_limits);
  if (auto wrong = in.mistake())
    return wrong;
  if (!all.sessions.is_password(r.who->name, *password, r.peer))
    return http::problem(403, "the password is wrong, or has to wait", "password");
  return std::nullopt;
}

http::response state(const people_parts& all, const http::request& r) {
  query_input query{r};
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  const auto factor = all.credentials.factor({r.who->account});
  if (!factor && factor.error().why != incident::store_errc::not_found)
    return answer_to(factor.error());
  std::string body;
  json_writer{body}
      .begin_object()
      .member("confirmed", factor && factor->confirmed)
      .member("begun", factor && !factor->confirmed)
      .member("recovery_codes_left", factor ? factor->recovery_codes_left : 0)
      .end_object();
  return http::json_response(std::move(body));
}

http::response begin(const people_parts& all, const http::request& r) {
  if (auto refused = refuse_without_password(all, r))
    return std::move(*refused);
  const auto secret = coord::people::random_totp_secret();
  const auto sealed = all.box.seal(secret, r.who->account);
  if (const auto done = all.credentials.enrol({r.who->account}, sealed, all.now()); !done)
    return answer_to(done.error());
  std::string body;
  json_writer{body}
      .begin_object()
      .member("secret", coord::people::to_base32(secret))
      .member("uri", coord::people::totp_uri(all.issuer, r.who->name, secret))
      .end_object();
  return http::json_response(std::move(body), 201);
}

/// New codes: the texts for their owner's eyes, and what is kept of them.
struct recovery_codes {
  std::vector<std::string> texts;
  std::vector<secret_hash> digests;
};

recovery_codes new_codes(const people_parts& all, std::int64_t owner) {
  recovery_codes made;
  for (int i = 0; i < coord::people::recovery_codes_at_a_time; ++i) {
    made.texts.push_back(coord::people::random_recovery_code());
    made.digests.push_back(all.box.digest(made.texts.back(), owner));
  }
  return made;
}

http::response told(const recovery_codes& codes) {
  std::string body;
  json_writer json{body};
  json.begin_object().key("recovery_codes").begin_array();
  for (const auto& text : codes.texts)
    json.text(text);
  json.end_array().end_object();
  return http::json_response(std::move(body));
}

http::response confirm(const people_parts& all, const http::request& r) {
  auto in = json_input::body_of(r);
  const auto code = in.text("code", {.least = 6, .most = 6});
  if (auto wrong = in.mistake())
    return std::move(*wrong);
  const user_id owner{r.who->account};
  const auto factor = all.credentials.factor(owner);
  if (!factor)
    return answer_to(factor.error());
  const auto secret = coord::people::totp_secret_from(all.box.open(factor->sealed, owner.value));
  if (!secret)
    return http::problem(422, "the secret does not open any more: begin again");
  const auto step = coord::people::find_totp_step(*secret, *code, all.now(), factor->used_step);
  if (!step)
    return http::problem(422, "this is not the code of now: compare the clocks", "code");
  const auto codes = new_codes(all, owner.value);
  if (const auto done =
          all.credentials.confirm(owner, *step, codes.digests, r.who->name, all.now());
      !done)
    return answer_to(done.error());
  return told(codes);
}

http::response renew(const people_parts& all, const http::request& r) {
  if (auto refused = refuse_without_password(all, r))
    return std::move(*refused);
  const auto codes = new_codes(all, r.who->account);
  if (const auto done = all.credentials.renew_recovery_codes({r.who->account}, codes.digests,
                                                             r.who->name, all.now());
      !done)
    return answer_to(done.error());
  return told(codes);
}

http::response remove_own(const people_parts& all, const http::request& r) {
  if (auto refused = refuse_without_password(all, r))
    return std::move(*refused);
  if (const auto done = all.credentials.remove_factor({r.who->account}, r.who->name, all.now());
      !done)
    return answer_to(done.error());
  return http::no_content();
}

http::response remove_of(const people_parts& all, const http::request& r) {
  query_input query{r};
  const user_id id{query.id("id")};
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  if (id.value == r.who->account)
    return http::problem(422,
                         "take away your own with your password: /api/v1/second-factor/remove");
  const auto user = all.users.find(id);
  if (!user)
    return answer_to(user.error());
  if (const auto done = all.credentials.remove_factor(id, r.who->name, all.now()); !done)
    return answer_to(done.error());
  all.sessions.end_all(user->login);
  return http::no_content();
}

} // namespace

void install_second_factor(http::router& routes, const people_parts& all) {
  using http::method;
  using http::right;
  const char* const own = "/api/v1/second-factor";
  add_route(routes, all, method::get, own, right::member, state);
  add_route(routes, all, method::post, own, right::member, begin);
  add_route(routes, all, method::post, "/api/v1/second-factor/confirm", right::member, confirm);
  add_route(routes, all, method::post, "/api/v1/second-factor/recovery-codes", right::member,
            renew);
  add_route(routes, all, method::post, "/api/v1/second-factor/remove", right::member, remove_own);
  add_route(routes, all, method::remove, "/api/v1/users/{id}/second-factor", right::administrator,
            remove_of);
}

} // namespace cresset::coord::api::people
