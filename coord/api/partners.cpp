#include "coord/api/partners.hpp"

#include "coord/api/change_notices.hpp"
#include "coord/api/json_input.hpp"
#include "coord/api/json_output.hpp"
#include "coord/api/query_input.hpp"
#include "coord/api/store_answer.hpp"

namespace cresset::coord::api {

namespace {

void write(json_writer& json, const partner_status& partner) {
  json.begin_object()
      .member("identity", partner.identity)
      .member("name", partner.name)
      .member("link", partner.link)
      .member("why", partner.why)
      .member("ceiling", to_string(partner.ceiling));
  write_time(json, "last_heard", partner.last_heard.value_or(timestamp{}));
  json.member("sent", partner.sent)
      .member("acknowledged", partner.acknowledged)
      .member("received", partner.received)
      .member("alarms", partner.alarms)
      .end_object();
}

void write(json_writer& json, const release_verdict& verdict) {
  json.begin_object().member("partner", verdict.partner).member("allowed", verdict.allowed);
  json.key("explanation").begin_array();
  for (const auto& sentence : verdict.explanation)
    json.text(sentence);
  json.end_array().end_object();
}

template <typename Elements>
http::response answer_list(std::string_view name, const incident::result<Elements>& found) {
  if (!found)
    return answer_to(found.error());
  std::string body;
  json_writer json{body};
  json.begin_object().key(name).begin_array();
  for (const auto& element : *found)
    write(json, element);
  json.end_array().end_object();
  return http::json_response(std::move(body));
}

http::response list(const parts& all, const http::request& r) {
  query_input query{r};
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  return answer_list("partners", all.partners.partners());
}

http::response weigh(const parts& all, const http::request& r) {
  query_input query{r};
  const incident::incident_id id{query.id("id")};
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  return answer_list("verdicts", all.partners.weigh_release(id));
}

http::response release(const parts& all, const http::request& r) {
  query_input query{r};
  const incident::incident_id id{query.id("id")};
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  auto in = json_input::body_of(r);
  const auto seen = in.number("seen_version", 1, INT64_MAX);
  const auto partner = in.text("partner", {.most = 64});
  if (auto wrong = in.mistake())
    return std::move(*wrong);
  const auto verdict = all.partners.release(id, *seen, *partner, r.who->name);
  if (!verdict)
    return answer_to(verdict.error());
  all.pushes.publish(incidents_notice({id}));
  std::string body;
  json_writer json{body};
  write(json, *verdict);
  return http::json_response(std::move(body), 201);
}

} // namespace

void install_partners(http::router& router, const parts& all) {
  using http::access_level;
  using http::method;
  const auto add = [&](method m, const char* path, access_level needs, auto answer) {
    router.add(m, path, needs, [all, answer](const http::request& r) { return answer(all, r); });
  };
  add(method::get, "/api/v1/partners", access_level::reader, list);
  add(method::get, "/api/v1/incidents/{id}/releases", access_level::reader, weigh);
  add(method::post, "/api/v1/incidents/{id}/releases", access_level::writer, release);
}

} // namespace cresset::coord::api
