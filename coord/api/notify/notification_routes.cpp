#include "coord/api/notify/notification_routes.hpp"

#include "coord/api/change_notices.hpp"
#include "coord/api/json_input.hpp"
#include "coord/api/notify/notification_json.hpp"
#include "coord/api/paging.hpp"
#include "coord/api/store_answer.hpp"

namespace cresset::coord::api::notify {
using namespace coord::notify;
namespace {

std::optional<notification_state> state_from(std::string_view word) {
  for (int state = 0; state <= static_cast<int>(notification_state::fetched); ++state)
    if (to_string(static_cast<notification_state>(state)) == word)
      return static_cast<notification_state>(state);
  return std::nullopt;
}

http::response answer_list(const parts& all, const result<std::vector<notification>>& found,
                           bool with_text, unsigned status = 200) {
  if (!found)
    return answer_to(found.error());
  std::string body;
  json_writer json{body};
  json.begin_object().key("notifications").begin_array();
  for (const auto& n : *found)
    write(json, n, with_text, n.id ? all.desk.link_of(n) : std::string{});
  json.end_array().end_object();
  return http::json_response(std::move(body), status);
}

http::response owners(const parts& all, const http::request& r) {
  query_input query{r};
  const incident::incident_id id{query.id("id")};
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  const auto found = all.notices.owners_of(id);
  if (!found)
    return answer_to(found.error());
  std::string body;
  json_writer json{body};
  json.begin_object().key("owners").begin_array();
  for (const auto& owner : *found)
    write(json, owner);
  json.end_array().end_object();
  return http::json_response(std::move(body));
}

http::response of_incident(const parts& all, const http::request& r) {
  query_input query{r};
  const incident::incident_id id{query.id("id")};
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  return answer_list(all, all.notices.of_incident(id), false);
}

http::response compose(const parts& all, const http::request& r, bool is_real) {
  query_input query{r};
  notice_desk::request wanted;
  wanted.incident = {query.id("id")};
  auto in = json_input::body_of(r);
  wanted.owner = in.text("owner", {.most = 64}).value_or("");
  if (in.has("note"))
    wanted.note = in.text("note", {.most = note_limit_bytes, .many_lines = true}).value_or("");
  wanted.by = r.who->name;
  wanted.at = now();
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  if (auto wrong = in.mistake())
    return std::move(*wrong);
  const auto made = is_real ? all.desk.notify(wanted) : all.desk.preview(wanted);
  if (made && is_real)
    all.pushes.publish(incidents_notice({wanted.incident}));
  return answer_list(all, made, true, is_real ? 201 : 200);
}

http::response list(const parts& all, const http::request& r) {
  query_input query{r};
  std::optional<notification_state> state;
  if (const auto word = query.text("state")) {
    state = state_from(*word);
    if (!state)
      query.refuse("state", "has to be queued, sent, failed, cancelled, offered or fetched");
  }
  const notification_id before{query.number("before", 0, 0, INT64_MAX)};
  const int limit = page_rows(query);
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  return answer_list(all, all.notices.list(state, before, limit), false);
}

http::response one(const parts& all, const http::request& r) {
  query_input query{r};
  const notification_id id{query.id("id")};
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  const auto found = all.notices.one(id);
  if (!found)
    return answer_to(found.error());
  std::string body;
  json_writer json{body};
  write(json, *found, true, all.desk.link_of(*found));
  return http::json_response(std::move(body));
}

http::response report(const parts& all, const http::request& r) {
  query_input query{r};
  const notification_id id{query.id("id")};
  const auto format = query.text("format").value_or("json");
  if (format != "json" && format != "csv")
    query.refuse("format", "has to be json or csv");
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  auto found = all.notices.one(id);
  if (!found)
    return answer_to(found.error());
  if (format == "json")
    return http::json_response(std::move(found->report_json));
  http::response answer;
  answer.content_type = "text/csv; charset=utf-8";
  answer.body = std::move(found->report_csv);
  return answer;
}

http::response change(const parts& all, const http::request& r, bool is_retry) {
  query_input query{r};
  const notification_id id{query.id("id")};
  auto in = json_input::body_of(r);
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  if (auto wrong = in.mistake())
    return std::move(*wrong);
  const auto done = is_retry ? all.notices.retry(id, r.who->name, now())
                             : all.notices.cancel(id, r.who->name, now());
  return done ? http::no_content() : answer_to(done.error());
}

} // namespace

void install(http::router& router, const parts& all) {
  using http::access_level;
  using http::method;
  const auto add = [&](method m, const char* path, access_level needs, auto answer) {
    router.add(m, path, needs, [all, answer](const http::request& r) { return answer(all, r); });
  };
  add(method::get, "/api/v1/incidents/{id}/owners", access_level::reader, owners);
  add(method::get, "/api/v1/incidents/{id}/notifications", access_level::reader, of_incident);
  add(method::post, "/api/v1/incidents/{id}/notifications", access_level::writer,
      [](const parts& p, const http::request& r) { return compose(p, r, true); });
  add(method::post, "/api/v1/incidents/{id}/notifications/preview", access_level::writer,
      [](const parts& p, const http::request& r) { return compose(p, r, false); });
  add(method::get, "/api/v1/notifications", access_level::reader, list);
  add(method::get, "/api/v1/notifications/{id}", access_level::reader, one);
  add(method::get, "/api/v1/notifications/{id}/report", access_level::reader, report);
  add(method::post, "/api/v1/notifications/{id}/retry", access_level::writer,
      [](const parts& p, const http::request& r) { return change(p, r, true); });
  add(method::post, "/api/v1/notifications/{id}/cancel", access_level::writer,
      [](const parts& p, const http::request& r) { return change(p, r, false); });
  install_answers(router, all);
}

} // namespace cresset::coord::api::notify
