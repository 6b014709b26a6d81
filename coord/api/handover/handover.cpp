// The page answers, in this order, what the next shift asks: what did you tell us, what runs out,
// what needs somebody now, what happened, what is being kept quiet, who is down. Each list is
// bounded; `more` says that there is more than shown.
#include "coord/api/handover/handover.hpp"

#include "coord/api/json_input.hpp"
#include "coord/api/json_output.hpp"
#include "coord/api/paging.hpp"
#include "coord/api/query_input.hpp"
#include "coord/api/store_answer.hpp"

namespace cresset::coord::api::handover {
namespace {

constexpr int shown = 50;
constexpr std::chrono::hours deadlines_ahead{24};

void write_handover(json_writer& json, const coord::handover::handover& one) {
  json.begin_object().member("id", one.id.value).member("written_by", one.written_by);
  write_time(json, "written", one.written);
  json.member("note", one.note).member("accepted_by", one.accepted_by);
  write_time(json, "accepted", one.accepted.value_or(timestamp{}));
  json.end_object();
}

void write_changes(json_writer& json,
                   const std::vector<coord::handover::changed_incident>& changes) {
  json.key("changes").begin_array();
  for (const auto& one : changes) {
    json.begin_object()
        .member("id", one.id.value)
        .member("name", one.name)
        .member("title", one.title)
        .member("state", to_string(one.state))
        .member("severity", one.severity)
        .member("events", one.events);
    write_time(json, "last", one.last);
    json.end_object();
  }
  json.end_array();
}

void write_deadlines(json_writer& json, const std::vector<coord::clock::kept_deadline>& deadlines) {
  json.key("deadlines").begin_array();
  for (const auto& one : deadlines) {
    json.begin_object()
        .member("incident", one.incident.value)
        .member("incident_name", one.incident_name)
        .member("regime", one.what.regime)
        .member("clock", to_string(one.what.clock))
        .member("state", to_string(state_of(one.what, now())));
    write_time(json, "due", one.what.due);
    json.end_object();
  }
  json.end_array();
}

void write_alarms(json_writer& json, const std::vector<coord::alarm::alarm>& alarms) {
  json.key("alarms").begin_array();
  for (const auto& one : alarms) {
    json.begin_object()
        .member("id", one.id.value)
        .member("kind", to_string(one.cause.kind))
        .member("text", one.cause.text);
    write_time(json, "raised", one.raised);
    json.end_object();
  }
  json.end_array();
}

void write_sensors(json_writer& json, const sensor_overview& all) {
  json.key("sensors_down").begin_array();
  for (const auto& one : all.sensors) {
    if (one.connected)
      continue;
    json.begin_object().member("name", one.name);
    write_time(json, "last_heard", one.last_heard.value_or(timestamp{}));
    json.end_object();
  }
  json.end_array();
}

void write_partners(json_writer& json, const std::vector<partner_status>& all) {
  json.key("partners").begin_array();
  for (const auto& one : all) {
    json.begin_object()
        .member("name", one.name)
        .member("link", one.link)
        .member("why", one.why)
        .member("unacknowledged", one.sent - std::min(one.sent, one.acknowledged))
        .member("alarms", one.alarms);
    write_time(json, "last_heard", one.last_heard.value_or(timestamp{}));
    json.end_object();
  }
  json.end_array();
}

/// Everything the page shows, or the first thing that could not be read.
struct page_parts {
  std::optional<coord::handover::handover> last;
  std::optional<coord::handover::handover> waiting;
  std::vector<coord::handover::changed_incident> changes;
  std::vector<coord::clock::kept_deadline> deadlines;
  std::vector<coord::alarm::alarm> alarms;
  std::vector<incident::decision> dismissals;
  sensor_overview sensors;
  std::vector<partner_status> partners;
  std::optional<incident::store_error> trouble;
};

page_parts read_page(const handover_parts& all) {
  page_parts page;
  const auto take = [&](auto found, auto& to) {
    if (found)
      to = *std::move(found);
    else if (!page.trouble)
      page.trouble = found.error();
  };
  if (auto last = all.handovers.last_accepted())
    page.last = *std::move(last);
  else if (last.error().why != incident::store_errc::not_found)
    page.trouble = last.error();
  std::vector<coord::handover::handover> newest;
  take(all.handovers.handovers(std::nullopt, 1), newest);
  if (!newest.empty() && !newest.front().accepted)
    page.waiting = newest.front();
  take(all.handovers.changed_since(page.last ? page.last->up_to : 0, shown), page.changes);
  take(all.clocks.running({now() + deadlines_ahead, false, std::nullopt, shown}), page.deadlines);
  take(all.alarms.alarms({true, std::nullopt, shown}), page.alarms);
  take(all.groups.standing_dismissals(shown), page.dismissals);
  take(all.sensors.sensors(), page.sensors);
  take(all.partners.partners(), page.partners);
  return page;
}

http::response page(const handover_parts& all, const http::request& r) {
  query_input query{r};
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  const auto read = read_page(all);
  if (read.trouble)
    return answer_to(*read.trouble);
  std::string body;
  json_writer json{body};
  json.begin_object();
  for (const auto& [name, one] : {std::pair{"last", &read.last}, {"waiting", &read.waiting}})
    if (*one)
      write_handover(json.key(name), **one);
    else
      json.key(name).null();
  write_deadlines(json, read.deadlines);
  write_alarms(json, read.alarms);
  write_changes(json, read.changes);
  write_list(json, "dismissals", read.dismissals);
  write_sensors(json, read.sensors);
  write_partners(json, read.partners);
  json.end_object();
  return http::json_response(std::move(body));
}

http::response answer_handover(const incident::result<coord::handover::handover>& done,
                               unsigned status) {
  if (!done)
    return answer_to(done.error());
  std::string body;
  json_writer json{body};
  write_handover(json, *done);
  return http::json_response(std::move(body), status);
}

http::response write(const handover_parts& all, const http::request& r) {
  auto in = json_input::body_of(r);
  const auto note =
      in.text("note", {.most = coord::handover::note_limit_bytes, .many_lines = true});
  if (auto wrong = in.mistake())
    return std::move(*wrong);
  return answer_handover(all.handovers.write(*note, {r.who->account}, now()), 201);
}

http::response accept(const handover_parts& all, const http::request& r) {
  query_input query{r};
  const coord::handover::handover_id id{query.id("id")};
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  auto in = json_input::body_of(r);
  if (auto wrong = in.mistake())
    return std::move(*wrong);
  return answer_handover(all.handovers.accept(id, {r.who->account}, now()), 200);
}

http::response list(const handover_parts& all, const http::request& r) {
  query_input query{r};
  const int limit = page_rows(query);
  std::optional<coord::handover::handover_id> after;
  if (const auto id = query.number("after", 0, 0, INT64_MAX); id > 0)
    after = coord::handover::handover_id{id};
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  const auto found = all.handovers.handovers(after, limit);
  if (!found)
    return answer_to(found.error());
  std::string body;
  json_writer json{body};
  json.begin_object().key("handovers").begin_array();
  for (const auto& one : *found)
    write_handover(json, one);
  json.end_array();
  if (found->size() < static_cast<std::size_t>(limit))
    json.key("next").null();
  else
    json.member("next", found->back().id.value);
  json.end_object();
  return http::json_response(std::move(body));
}

} // namespace

void install_handover(http::router& router, const handover_parts& all) {
  using http::access_level;
  using http::method;
  const auto add = [&](method m, const char* path, access_level needs, auto answer) {
    router.add(m, path, needs, [all, answer](const http::request& r) { return answer(all, r); });
  };
  add(method::get, "/api/v1/handover", access_level::reader, page);
  add(method::get, "/api/v1/handovers", access_level::reader, list);
  add(method::post, "/api/v1/handovers", access_level::writer, write);
  add(method::post, "/api/v1/handovers/{id}/acceptance", access_level::writer, accept);
}

} // namespace cresset::coord::api::handover
