#include "coord/api/quality/quality.hpp"

#include "coord/api/json_input.hpp"
#include "coord/api/json_output.hpp"
#include "coord/api/paging.hpp"
#include "coord/api/store_answer.hpp"

#include <charconv>
#include <limits>

#include <fmt/format.h>

namespace cresset::coord::api::quality {
namespace {

using repository = coord::quality::repository;
using coord::quality::rule_quality;
using coord::quality::suppression;

constexpr std::int64_t rule_number_limit = std::numeric_limits<std::uint32_t>::max();

void write_rule(json_writer& json, const rule_quality& one) {
  json.member("gid", one.gid)
      .member("sid", one.sid)
      .member("message", one.message)
      .member("classtype", one.classtype)
      .member("revision", one.revision);
  const auto texts = [&](std::string_view name, const std::vector<std::string>& all) {
    json.key(name).begin_array();
    for (const auto& text : all)
      json.text(text);
    json.end_array();
  };
  texts("techniques", one.techniques);
  texts("cves", one.cves);
  json.member("decided", one.decided())
      .member("acknowledged", one.acknowledged)
      .member("raised", one.raised)
      .member("false_positive", one.false_positive)
      .member("benign", one.benign)
      .member("duplicate", one.duplicate)
      .member("out_of_scope", one.out_of_scope)
      .member("known_activity", one.known_activity)
      .member("false_positive_percent", one.false_positive_percent())
      .member("suppressions", one.suppressions)
      .member("offers_suppression", offers_suppression(one));
  write_time(json, "changed", one.changed);
}

void write_object(json_writer& json, const suppression& one) {
  json.begin_object()
      .member("id", one.id.value)
      .member("gid", one.gid)
      .member("sid", one.sid)
      .member("track", to_string(one.track))
      .member("prefix", one.prefix)
      .member("reason", one.reason)
      .member("owner", one.owner_name);
  write_time(json, "made", one.made);
  write_time(json, "begins", one.begins);
  write_time(json, "expires", one.expires);
  write_time(json, "withdrawn", one.withdrawn.value_or(timestamp{}));
  json.member("withdrawn_by", one.withdrawn_by).member("line", threshold_line(one)).end_object();
}

http::response answer_one(const incident::result<suppression>& made, unsigned status) {
  if (!made)
    return answer_to(made.error());
  std::string body;
  json_writer json{body};
  write_object(json, *made);
  return http::json_response(std::move(body), status);
}

/// "12.2001.1": false positives, sid and gid of the page's last row.
std::optional<coord::quality::quality_key> key_from(std::string_view text) {
  coord::quality::quality_key key;
  const auto take = [&](auto& number, bool is_last) {
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    if (read.ec != std::errc{})
      return false;
    text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
    if (is_last)
      return text.empty();
    if (!text.starts_with('.'))
      return false;
    text.remove_prefix(1);
    return true;
  };
  if (!take(key.false_positive, false) || !take(key.sid, false) || !take(key.gid, true))
    return std::nullopt;
  return key;
}

http::response rules(repository& store, const http::request& r) {
  query_input query{r};
  coord::quality::quality_query wanted;
  wanted.limit = page_rows(query);
  if (const auto cursor = query.text("after")) {
    wanted.after = key_from(*cursor);
    if (!wanted.after)
      query.refuse("after", "is not a cursor that this list gave");
  }
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  const auto found = store.rules(wanted);
  if (!found)
    return answer_to(found.error());
  std::string body;
  json_writer json{body};
  json.begin_object().key("rules").begin_array();
  for (const auto& one : *found) {
    json.begin_object();
    write_rule(json, one);
    json.end_object();
  }
  json.end_array();
  if (found->size() < static_cast<std::size_t>(wanted.limit))
    json.key("next").null();
  else
    json.member("next", fmt::format("{}.{}.{}", found->back().false_positive, found->back().sid,
                                    found->back().gid));
  json.end_object();
  return http::json_response(std::move(body));
}

http::response rule(repository& store, const http::request& r) {
  query_input query{r};
  const auto gid = query.id("gid");
  const auto sid = query.id("sid");
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  if (gid > rule_number_limit || sid > rule_number_limit)
    return http::problem(404, "no rule has that number");
  const auto found = store.rule(static_cast<std::uint32_t>(gid), static_cast<std::uint32_t>(sid));
  if (!found)
    return answer_to(found.error());
  const auto offered =
      store.offer(static_cast<std::uint32_t>(gid), static_cast<std::uint32_t>(sid));
  if (!offered)
    return answer_to(offered.error());
  std::string body;
  json_writer json{body};
  json.begin_object();
  write_rule(json, *found);
  json.key("offer");
  if (*offered)
    json.begin_object()
        .member("track", to_string((*offered)->track))
        .member("prefix", (*offered)->prefix)
        .member("looked_at", (*offered)->looked_at)
        .end_object();
  else
    json.null();
  json.end_object();
  return http::json_response(std::move(body));
}

http::response list(repository& store, const http::request& r) {
  query_input query{r};
  const int limit = page_rows(query);
  const coord::quality::suppression_id before{query.number("before", 0, 0, INT64_MAX)};
  const bool ended = query.boolean("ended", false);
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  const auto found = store.suppressions(ended, before, limit);
  if (!found)
    return answer_to(found.error());
  std::string body;
  json_writer json{body};
  json.begin_object().key("suppressions").begin_array();
  for (const auto& one : *found)
    write_object(json, one);
  json.end_array();
  if (found->size() < static_cast<std::size_t>(limit))
    json.key("next").null();
  else
    json.member("next", found->back().id.value);
  json.end_object();
  return http::json_response(std::move(body));
}

http::response add(repository& store, const http::request& r) {
  const auto moment = std::chrono::floor<std::chrono::microseconds>(now());
  auto in = json_input::body_of(r);
  suppression wanted;
  if (in.has("gid"))
    wanted.gid = static_cast<std::uint32_t>(in.number("gid", 1, rule_number_limit).value_or(1));
  wanted.sid = static_cast<std::uint32_t>(in.number("sid", 1, rule_number_limit).value_or(0));
  if (in.has("track"))
    wanted.track = in.word("track", coord::quality::track_from)
                       .value_or(coord::quality::suppression_track::rule);
  if (in.has("prefix"))
    wanted.prefix = in.text("prefix", {.most = 64}).value_or("");
  wanted.reason = in.text("reason", {.most = 2000, .many_lines = true}).value_or("");
  if (in.has("expires"))
    wanted.expires = in.time("expires").value_or(timestamp{});
  else
    wanted.expires =
        moment +
        std::chrono::hours{
            in.number("hours", 1, coord::quality::suppression_lifetime_limit.count()).value_or(1)};
  wanted.owner = {r.who->account};
  if (auto wrong = in.mistake())
    return std::move(*wrong);
  return answer_one(store.add(wanted, moment), 201);
}

http::response withdraw(repository& store, const http::request& r) {
  query_input query{r};
  const coord::quality::suppression_id id{query.id("id")};
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  auto in = json_input::body_of(r);
  if (auto wrong = in.mistake())
    return std::move(*wrong);
  return answer_one(
      store.withdraw(id, r.who->name, std::chrono::floor<std::chrono::microseconds>(now())), 200);
}

http::response in_force(repository& store, const http::request& r) {
  query_input query{r};
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  const auto found = store.in_force(now());
  if (!found)
    return answer_to(found.error());
  std::string body;
  json_writer json{body};
  json.begin_object().member("number", found->number);
  write_time(json, "until", found->until.value_or(timestamp{}));
  json.key("lines").begin_array();
  for (const auto& one : found->all)
    json.text(threshold_line(one));
  json.end_array().end_object();
  return http::json_response(std::move(body));
}

} // namespace

void install(http::router& router, repository& store) {
  using http::access_level;
  using http::method;
  const auto add_route = [&](method m, const char* path, access_level needs, auto answer) {
    router.add(m, path, needs,
               [&store, answer](const http::request& r) { return answer(store, r); });
  };
  add_route(method::get, "/api/v1/rule-quality", access_level::reader, rules);
  add_route(method::get, "/api/v1/rule-quality/{gid}/{sid}", access_level::reader, rule);
  add_route(method::get, "/api/v1/suppressions", access_level::reader, list);
  add_route(method::get, "/api/v1/suppressions/in-force", access_level::reader, in_force);
  add_route(method::post, "/api/v1/suppressions", access_level::lead, add);
  add_route(method::post, "/api/v1/suppressions/{id}/withdrawal", access_level::writer, withdraw);
}

} // namespace cresset::coord::api::quality
