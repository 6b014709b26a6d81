// Client certificates that stand for an account, where the server asks for them
// (`https-client-ca`).
#include "coord/api/json_input.hpp"
#include "coord/api/json_output.hpp"
#include "coord/api/people/people_parts.hpp"
#include "coord/api/query_input.hpp"
#include "coord/api/store_answer.hpp"

namespace cresset::coord::api::people {

namespace {

using coord::people::client_certificate;
using incident::user_id;

void write(json_writer& json, const client_certificate& one) {
  json.begin_object()
      .member("id", one.id.value)
      .member("fingerprint", one.fingerprint)
      .member("subject", one.subject);
  write_time(json, "added", one.added);
  json.end_object();
}

http::response list(const people_parts& all, const http::request& r) {
  query_input query{r};
  const user_id id{query.id("id")};
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  if (const auto user = all.users.find(id); !user)
    return answer_to(user.error());
  const auto found = all.credentials.certificates_of(id);
  if (!found)
    return answer_to(found.error());
  std::string body;
  json_writer json{body};
  json.begin_object().key("certificates").begin_array();
  for (const auto& one : *found)
    write(json, one);
  json.end_array().end_object();
  return http::json_response(std::move(body));
}

http::response add(const people_parts& all, const http::request& r) {
  query_input query{r};
  client_certificate one;
  one.owner = {query.id("id")};
  auto in = json_input::body_of(r);
  if (in.has("fingerprint")) {
    const auto print = in.text("fingerprint", {.most = 100});
    one.fingerprint = coord::people::fingerprint_from(print.value_or("")).value_or("");
    if (print && one.fingerprint.empty())
      in.refuse("fingerprint", "has to be the SHA-256 of the certificate in 64 hex digits");
  } else {
    one.subject = in.text("subject", {.most = coord::people::subject_limit_bytes}).value_or("");
  }
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  if (auto wrong = in.mistake())
    return std::move(*wrong);
  one.added = all.now();
  const auto added = all.credentials.add_certificate(one, r.who->name);
  if (!added)
    return answer_to(added.error());
  one.id = *added;
  std::string body;
  json_writer json{body};
  write(json, one);
  return http::json_response(std::move(body), 201);
}

http::response remove(const people_parts& all, const http::request& r) {
  query_input query{r};
  const user_id owner{query.id("id")};
  const coord::people::certificate_id one{query.id("certificate")};
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  if (const auto gone = all.credentials.remove_certificate(owner, one, r.who->name, all.now());
      !gone)
    return answer_to(gone.error());
  return http::no_content();
}

} // namespace

void install_certificates(http::router& routes, const people_parts& all) {
  using http::method;
  using http::right;
  const char* const of_account = "/api/v1/users/{id}/certificates";
  add_route(routes, all, method::get, of_account, right::administrator, list);
  add_route(routes, all, method::post, of_account, right::administrator, add);
  add_route(routes, all, method::remove, "/api/v1/users/{id}/certificates/{certificate}",
            right::administrator, remove);
}

} // namespace cresset::coord::api::people
