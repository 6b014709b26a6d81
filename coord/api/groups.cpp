#include "coord/api/groups.hpp"

#include "coord/api/cursor.hpp"
#include "coord/api/json_output.hpp"
#include "coord/api/paging.hpp"
#include "coord/api/store_answer.hpp"

namespace cresset::coord::api {

namespace {

std::optional<std::optional<incident::group_state>> state_from(std::string_view word) {
  using incident::group_state;
  if (word == "open")
    return group_state::open;
  if (word == "acknowledged")
    return group_state::acknowledged;
  if (word == "dismissed")
    return group_state::dismissed;
  if (word == "in_incident")
    return group_state::in_incident;
  if (word == "any")
    return std::optional<group_state>{};
  return std::nullopt;
}

http::response queue(const parts& all, const http::request& r) {
  query_input query{r};
  incident::queue_query wanted;
  wanted.limit = page_rows(query);
  wanted.exercise = query.boolean("exercise", false);
  if (const auto word = query.text("state")) {
    if (const auto state = state_from(*word))
      wanted.state = *state;
    else
      query.refuse("state", "has to be open, acknowledged, dismissed, in_incident or any");
  }
  if (const auto cursor = query.text("after")) {
    wanted.after = queue_key_from(*cursor);
    if (!wanted.after)
      query.refuse("after", "is not a cursor that this list gave");
  }
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  const auto groups = all.groups.queue(wanted);
  if (!groups)
    return answer_to(groups.error());
  std::string body;
  json_writer json{body};
  json.begin_object();
  write_list(json, "groups", *groups);
  if (groups->size() < static_cast<std::size_t>(wanted.limit))
    json.key("next").null();
  else
    json.member("next",
                to_cursor(incident::queue_key{groups->back().severity, groups->back().last_received,
                                              groups->back().id}));
  json.end_object();
  return http::json_response(std::move(body));
}

http::response one(const parts& all, const http::request& r) {
  query_input query{r};
  const incident::group_id id{query.id("id")};
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  const auto group = all.groups.group(id);
  return group ? http::json_response(to_json(*group)) : answer_to(group.error());
}

http::response alerts(const parts& all, const http::request& r) {
  query_input query{r};
  const incident::group_id id{query.id("id")};
  const incident::alert_position before{query.number("before", 0, 0, INT64_MAX)};
  const int limit = page_rows(query);
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  if (const auto group = all.groups.group(id); !group)
    return answer_to(group.error());
  const auto found = all.groups.alerts_of_group(id, before, limit);
  if (!found)
    return answer_to(found.error());
  std::string body;
  json_writer json{body};
  json.begin_object();
  write_list(json, "alerts", *found);
  json.end_object();
  return http::json_response(std::move(body));
}

http::response evidence(const parts& all, const http::request& r) {
  query_input query{r};
  const incident::alert_position position{query.id("position")};
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  const auto found = all.groups.evidence_of(position);
  if (!found)
    return answer_to(found.error());
  std::string body;
  json_writer json{body};
  json.begin_object();
  write_list(json, "evidence", *found);
  json.end_object();
  return http::json_response(std::move(body));
}

} // namespace

void install_groups(http::router& router, const parts& all) {
  using http::access_level;
  using http::method;
  const auto add = [&](const char* path, auto answer) {
    router.add(method::get, path, access_level::reader,
               [all, answer](const http::request& r) { return answer(all, r); });
  };
  add("/api/v1/groups", queue);
  add("/api/v1/groups/{id}", one);
  add("/api/v1/groups/{id}/alerts", alerts);
  add("/api/v1/alerts/{position}/evidence", evidence);
}

} // namespace cresset::coord::api
