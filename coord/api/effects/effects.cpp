#include "coord/api/effects/effects.hpp"

#include "coord/api/json_input.hpp"
#include "coord/api/json_output.hpp"
#include "coord/api/paging.hpp"
#include "coord/api/store_answer.hpp"

namespace cresset::coord::api::effects {
namespace {

void write_object(json_writer& json, const effect::outside_effect& one) {
  json.begin_object()
      .member("id", one.id.value)
      .member("kind", to_string(one.kind))
      .member("incident", one.incident.value)
      .member("incident_version", one.incident_version)
      .member("partner", one.partner)
      .member("reason", one.reason)
      .member("by", one.by);
  write_time(json, "asked", one.asked);
  write_time(json, "due", one.due);
  json.member("state", to_string(one.state));
  write_time(json, "ended", one.ended.value_or(timestamp{}));
  json.member("note", one.note)
      .member("object_id", one.object_id)
      .member("object_version", one.object_version);
  if (one.compensates)
    json.member("compensates", one.compensates->value);
  else
    json.key("compensates").null();
  json.end_object();
}

http::response answer_one(const incident::result<effect::outside_effect>& made, unsigned status) {
  if (!made)
    return answer_to(made.error());
  std::string body;
  json_writer json{body};
  write_object(json, *made);
  return http::json_response(std::move(body), status);
}

http::response list(effect::repository& store, const http::request& r) {
  query_input query{r};
  effect::effect_query wanted;
  wanted.limit = page_rows(query);
  wanted.before = {query.number("before", 0, 0, INT64_MAX)};
  if (const auto incident = query.number("incident", 0, 0, INT64_MAX); incident != 0)
    wanted.incident = incident::incident_id{incident};
  if (const auto word = query.text("state")) {
    wanted.state = effect::effect_state_from(*word);
    if (!wanted.state)
      query.refuse("state", "has to be held, done, cancelled or failed");
  }
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  const auto found = store.list(wanted);
  if (!found)
    return answer_to(found.error());
  std::string body;
  json_writer json{body};
  json.begin_object().key("effects").begin_array();
  for (const auto& one : *found)
    write_object(json, one);
  json.end_array();
  if (found->size() < static_cast<std::size_t>(wanted.limit))
    json.key("next").null();
  else
    json.member("next", found->back().id.value);
  json.end_object();
  return http::json_response(std::move(body));
}

http::response one(effect::repository& store, const http::request& r) {
  query_input query{r};
  const effect::effect_id id{query.id("id")};
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  return answer_one(store.one(id), 200);
}

http::response take_back(effect::repository& store, const http::request& r) {
  query_input query{r};
  const effect::effect_id id{query.id("id")};
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  auto in = json_input::body_of(r);
  const auto reason = in.has("reason") ? in.text("reason", {.most = 16}) : std::string{"undone"};
  if (reason && *reason != "undone" && *reason != "error")
    in.refuse("reason", "has to be undone or error");
  if (auto wrong = in.mistake())
    return std::move(*wrong);
  return answer_one(store.take_back(id, *reason, r.who->name,
                                    std::chrono::floor<std::chrono::microseconds>(now())),
                    200);
}

} // namespace

void install(http::router& router, effect::repository& store) {
  using http::access_level;
  using http::method;
  const auto add = [&](method m, const char* path, access_level needs, auto answer) {
    router.add(m, path, needs,
               [&store, answer](const http::request& r) { return answer(store, r); });
  };
  add(method::get, "/api/v1/effects", access_level::reader, list);
  add(method::get, "/api/v1/effects/{id}", access_level::reader, one);
  add(method::post, "/api/v1/effects/{id}/undo", access_level::writer, take_back);
}

} // namespace cresset::coord::api::effects
