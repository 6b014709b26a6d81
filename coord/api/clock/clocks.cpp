#include "coord/api/clock/clocks.hpp"

#include "coord/api/clock/deadline_cursor.hpp"
#include "coord/api/json_input.hpp"
#include "coord/api/json_output.hpp"
#include "coord/api/paging.hpp"
#include "coord/api/query_input.hpp"
#include "coord/api/store_answer.hpp"

namespace cresset::coord::api::clock {
using namespace coord::clock;
namespace {

constexpr text_limits note_limits{.least = 0, .most = 2000, .many_lines = true};
// A body is bounded to 1 MiB before; the table itself to `table_bytes_limit`.
constexpr text_limits table_limits{.most = table_bytes_limit, .many_lines = true};
constexpr std::int64_t hours_ahead_limit = 24 * 366;

void write_deadline(json_writer& json, const kept_deadline& one, timestamp at) {
  json.begin_object()
      .member("incident", one.incident.value)
      .member("incident_name", one.incident_name)
      .member("exercise", one.exercise)
      .member("regime", one.what.regime)
      .member("table_version", one.table_version)
      .member("clock", to_string(one.what.clock))
      .member("from", to_string(one.what.from))
      .member("state", to_string(state_of(one.what, at)));
  write_time(json, "due", one.what.due);
  write_time(json, "warn", one.what.warn.value_or(timestamp{}));
  write_time(json, "met", one.what.met.value_or(timestamp{}));
  json.end_object();
}

http::response clocks_of(const clock_parts& all, const http::request& r) {
  query_input query{r};
  const incident::incident_id id{query.id("id")};
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  const auto times = all.clocks.clocks_of(id);
  const auto deadlines = all.clocks.deadlines_of(id);
  if (!times || !deadlines)
    return answer_to(!times ? times.error() : deadlines.error());
  const bool is_known = (*times)[clock_kind::aware].has_value();
  if (!is_known)
    return http::problem(
        404, "no clocks are kept of that incident: there is none, or it was opened a moment ago");
  std::string body;
  json_writer json{body};
  json.begin_object().key("clocks").begin_object();
  for (std::size_t i = 0; i < clock_count; ++i)
    write_time(json, to_string(static_cast<clock_kind>(i)), times->at[i].value_or(timestamp{}));
  json.end_object().key("deadlines").begin_array();
  for (const auto& one : *deadlines)
    write_deadline(json, one, now());
  json.end_array().end_object();
  return http::json_response(std::move(body));
}

http::response stop(const clock_parts& all, const http::request& r) {
  query_input query{r};
  const incident::incident_id id{query.id("id")};
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  auto in = json_input::body_of(r);
  const auto clock = in.word("clock", clock_from);
  const auto note = in.text("note", note_limits);
  // Microseconds since 1970, so that a page need not agree with us on a way to write times.
  const auto at = in.has("at_us") ? in.number("at_us", 0, INT64_MAX / 1000) : std::nullopt;
  if (auto wrong = in.mistake())
    return std::move(*wrong);
  const auto moment = at ? timestamp_from_ns(*at * 1000) : now();
  const auto done = all.clocks.stop_clock(id, *clock, moment, *note, {r.who->account});
  return done ? http::no_content() : answer_to(done.error());
}

http::response running(const clock_parts& all, const http::request& r) {
  query_input query{r};
  deadline_query wanted;
  wanted.limit = page_rows(query);
  wanted.exercise = query.boolean("exercise", false);
  wanted.before =
      now() + std::chrono::hours{query.number("hours", hours_ahead_limit, 0, hours_ahead_limit)};
  if (const auto cursor = query.text("after")) {
    wanted.after = deadline_key_from(*cursor);
    if (!wanted.after)
      query.refuse("after", "is not a cursor that this list gave");
  }
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  const auto found = all.clocks.running(wanted);
  if (!found)
    return answer_to(found.error());
  std::string body;
  json_writer json{body};
  json.begin_object().key("deadlines").begin_array();
  for (const auto& one : *found)
    write_deadline(json, one, now());
  json.end_array();
  if (found->size() < static_cast<std::size_t>(wanted.limit)) {
    json.key("next").null();
  } else {
    const auto& last = found->back();
    json.member("next",
                to_cursor({last.what.due, last.incident, last.what.regime, last.what.clock}));
  }
  json.end_object();
  return http::json_response(std::move(body));
}

http::response answer_table(const incident::result<table_version>& found) {
  if (!found)
    return answer_to(found.error());
  std::string body;
  json_writer json{body};
  json.begin_object().member("version", found->version).member("by", found->by);
  write_time(json, "at", found->at);
  json.member("text", found->text).end_object();
  return http::json_response(std::move(body));
}

http::response table(const clock_parts& all, const http::request& r) {
  query_input query{r};
  const auto version = query.number("version", 0, 0, INT64_MAX);
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  return answer_table(version == 0 ? all.clocks.table() : all.clocks.table(version));
}

http::response put_table(const clock_parts& all, const http::request& r) {
  auto in = json_input::body_of(r);
  const auto seen = in.number("seen_version", 0, INT64_MAX);
  const auto text = in.text("text", table_limits);
  if (text)
    if (const auto read = parse_deadline_table(*text, "text"); !read)
      in.refuse("text", read.error());
  if (auto wrong = in.mistake())
    return std::move(*wrong);
  return answer_table(all.clocks.put_table(*seen, *text, r.who->name, now()));
}

} // namespace

void install_clocks(http::router& router, const clock_parts& all) {
  using http::access_level;
  using http::method;
  const auto add = [&](method m, const char* path, access_level needs, auto answer) {
    router.add(m, path, needs, [all, answer](const http::request& r) { return answer(all, r); });
  };
  add(method::get, "/api/v1/incidents/{id}/clocks", access_level::reader, clocks_of);
  add(method::post, "/api/v1/incidents/{id}/clocks", access_level::writer, stop);
  add(method::get, "/api/v1/deadlines", access_level::reader, running);
  add(method::get, "/api/v1/deadline-table", access_level::reader, table);
  add(method::put, "/api/v1/deadline-table", access_level::lead, put_table);
}

} // namespace cresset::coord::api::clock
