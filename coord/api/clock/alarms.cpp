#include "coord/api/clock/clocks.hpp"
#include "coord/api/json_input.hpp"
#include "coord/api/json_output.hpp"
#include "coord/api/paging.hpp"
#include "coord/api/query_input.hpp"
#include "coord/api/store_answer.hpp"

namespace cresset::coord::api::clock {
using coord::alarm::alarm;
namespace {

constexpr int calls_shown = 200;

void write_alarm(json_writer& json, const alarm& one) {
  json.begin_object()
      .member("id", one.id.value)
      .member("kind", to_string(one.cause.kind))
      .member("subject", one.cause.subject)
      .member("text", one.cause.text)
      .member("exercise", one.cause.exercise);
  if (one.cause.incident)
    json.member("incident", one.cause.incident->value);
  else
    json.key("incident").null();
  write_time(json, "raised", one.raised);
  write_time(json, "acknowledged", one.acknowledged.value_or(timestamp{}));
  json.member("acknowledged_by", one.acknowledged_by);
  write_time(json, "cleared", one.cleared.value_or(timestamp{}));
  json.end_object();
}

http::response list(const clock_parts& all, const http::request& r) {
  query_input query{r};
  coord::alarm::alarm_query wanted;
  wanted.limit = page_rows(query);
  wanted.open_only = !query.boolean("past", false);
  if (const auto after = query.number("after", 0, 0, INT64_MAX); after > 0)
    wanted.after = coord::alarm::alarm_id{after};
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  const auto found = all.alarms.alarms(wanted);
  if (!found)
    return answer_to(found.error());
  std::string body;
  json_writer json{body};
  json.begin_object().key("alarms").begin_array();
  for (const auto& one : *found)
    write_alarm(json, one);
  json.end_array();
  if (found->size() < static_cast<std::size_t>(wanted.limit))
    json.key("next").null();
  else
    json.member("next", found->back().id.value);
  json.end_object();
  return http::json_response(std::move(body));
}

http::response acknowledge(const clock_parts& all, const http::request& r) {
  query_input query{r};
  const coord::alarm::alarm_id id{query.id("id")};
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  auto in = json_input::body_of(r);
  if (auto wrong = in.mistake())
    return std::move(*wrong);
  const auto taken = all.alarms.acknowledge(id, {r.who->account}, now());
  if (!taken)
    return answer_to(taken.error());
  std::string body;
  json_writer json{body};
  write_alarm(json, *taken);
  return http::json_response(std::move(body));
}

http::response calls(const clock_parts& all, const http::request& r) {
  query_input query{r};
  const coord::alarm::alarm_id id{query.id("id")};
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  const auto found = all.alarms.calls_of(id, calls_shown);
  if (!found)
    return answer_to(found.error());
  std::string body;
  json_writer json{body};
  json.begin_object().key("calls").begin_array();
  for (const auto& one : *found) {
    json.begin_object()
        .member("step", one.step)
        .member("channel", one.channel)
        .member("address", one.address);
    write_time(json, "at", one.at);
    json.member("failure", one.failure).end_object();
  }
  json.end_array().end_object();
  return http::json_response(std::move(body));
}

} // namespace

void install_alarms(http::router& router, const clock_parts& all) {
  using http::access_level;
  using http::method;
  const auto add = [&](method m, const char* path, access_level needs, auto answer) {
    router.add(m, path, needs, [all, answer](const http::request& r) { return answer(all, r); });
  };
  add(method::get, "/api/v1/alarms", access_level::reader, list);
  add(method::post, "/api/v1/alarms/{id}/acknowledgement", access_level::writer, acknowledge);
  add(method::get, "/api/v1/alarms/{id}/calls", access_level::reader, calls);
}

} // namespace cresset::coord::api::clock
