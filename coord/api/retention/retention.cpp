#include "coord/api/retention/retention.hpp"

#include "coord/api/json_input.hpp"
#include "coord/api/json_output.hpp"
#include "coord/api/paging.hpp"
#include "coord/api/query_input.hpp"
#include "coord/api/store_answer.hpp"

#include <algorithm>

namespace cresset::coord::api::retention {
using namespace coord::retention;
namespace {

constexpr text_limits reason_limits{.most = hold_text_limit_bytes, .many_lines = true};

void write_optional_time(json_writer& json, std::string_view name,
                         const std::optional<timestamp>& at) {
  if (at)
    write_time(json, name, *at);
  else
    json.key(name).null();
}

void write(json_writer& json, const legal_hold& hold) {
  json.begin_object().member("id", hold.id.value);
  const auto named = [&](std::string_view name, std::int64_t id) {
    json.key(name);
    if (id != 0)
      json.number(id);
    else
      json.null();
  };
  named("incident", hold.incident.value);
  named("group", hold.group.value);
  json.member("reason", hold.reason).member("legal_basis", hold.legal_basis);
  write_time(json, "placed", hold.placed);
  json.member("placed_by", hold.placed_by);
  write_optional_time(json, "lifted", hold.lifted);
  json.member("lifted_by", hold.lifted_by).member("lift_reason", hold.lift_reason).end_object();
}

http::response answer_with(const incident::result<legal_hold>& hold, int status) {
  if (!hold)
    return answer_to(hold.error());
  std::string body;
  json_writer json{body};
  write(json, *hold);
  auto answer = http::json_response(std::move(body));
  answer.status = status;
  return answer;
}

http::response policy(const retention_parts& all, const http::request& r) {
  query_input query{r};
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  const auto runs = all.kept.runs();
  if (!runs)
    return answer_to(runs.error());
  std::string body;
  json_writer json{body};
  json.begin_object().key("classes").begin_array();
  for (const auto what : all_data_classes) {
    const auto run = std::ranges::find(*runs, what, &retention_run::what);
    const bool ran = run != runs->end();
    json.begin_object()
        .member("class", data_class_words.word(what))
        .member("keep_days", static_cast<std::int64_t>(all.policy.of(what).count()));
    write_optional_time(json, "last_run", ran ? std::optional{run->at} : std::nullopt);
    json.member("last_removed", ran ? run->removed : 0)
        .member("removed", ran ? run->total : 0)
        .end_object();
  }
  json.end_array().end_object();
  return http::json_response(std::move(body));
}

http::response list_holds(const retention_parts& all, const http::request& r) {
  query_input query{r};
  const bool standing_only = !query.boolean("lifted", false);
  const hold_id before{query.number("before", 0, 0, INT64_MAX)};
  const int limit = page_rows(query);
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  const auto found = all.kept.holds(standing_only, before, limit);
  if (!found)
    return answer_to(found.error());
  std::string body;
  json_writer json{body};
  json.begin_object().key("holds").begin_array();
  for (const auto& hold : *found)
    write(json, hold);
  json.end_array().key("next");
  if (found->size() < static_cast<std::size_t>(limit))
    json.null();
  else
    json.number(found->back().id.value);
  json.end_object();
  return http::json_response(std::move(body));
}

http::response place(const retention_parts& all, const http::request& r) {
  auto in = json_input::body_of(r);
  hold_request wanted;
  if (in.has("incident"))
    wanted.incident = {in.number("incident", 1, INT64_MAX).value_or(0)};
  if (in.has("group"))
    wanted.group = {in.number("group", 1, INT64_MAX).value_or(0)};
  wanted.reason = in.text("reason", reason_limits).value_or("");
  if (in.has("legal_basis"))
    wanted.legal_basis = in.text("legal_basis", reason_limits).value_or("");
  if (auto wrong = in.mistake())
    return std::move(*wrong);
  wanted.by = {r.who->account};
  return answer_with(all.kept.place(wanted, now()), 201);
}

http::response lift(const retention_parts& all, const http::request& r) {
  query_input query{r};
  const hold_id id{query.id("id")};
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  auto in = json_input::body_of(r);
  const auto reason = in.text("reason", reason_limits);
  if (auto wrong = in.mistake())
    return std::move(*wrong);
  return answer_with(all.kept.lift(id, *reason, {r.who->account}, now()), 200);
}

http::response erase(const retention_parts& all, const http::request& r) {
  auto in = json_input::body_of(r);
  const bool of_journal = in.has("journal");
  const auto number =
      of_journal ? in.number("journal", 1, INT64_MAX) : in.number("alert_evidence", 1, INT64_MAX);
  const auto reason = in.text("reason", reason_limits);
  if (auto wrong = in.mistake())
    return std::move(*wrong);
  const auto done = of_journal ? all.kept.erase_journal_body(*number, *reason, r.who->name, now())
                               : all.kept.erase_evidence({*number}, *reason, r.who->name, now());
  if (!done)
    return answer_to(done.error());
  std::string body;
  json_writer{body}
      .begin_object()
      .member("journal", done->journal)
      .member("pieces", done->pieces)
      .end_object();
  auto answer = http::json_response(std::move(body));
  answer.status = 201;
  return answer;
}

void write(json_writer& json, const custody_record& record) {
  json.begin_object()
      .member("kind", record.kind)
      .member("size_bytes", record.size_bytes)
      .member("sha256", record.hash.hex())
      .member("intact", record.is_intact);
  write_time(json, "kept", record.kept);
  write_optional_time(json, "erased", record.erased);
  json.key("seal");
  if (!record.sealed) {
    json.null().end_object();
    return;
  }
  json.begin_object().member("root", record.sealed->root.hex());
  write_time(json, "at", record.sealed->at);
  json.member("journal", record.sealed->journal)
      .member("holds", record.sealed->holds)
      .end_object()
      .end_object();
}

http::response custody(const retention_parts& all, const http::request& r) {
  query_input query{r};
  const incident::alert_position position{query.id("position")};
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  const auto found = all.kept.custody(position);
  if (!found)
    return answer_to(found.error());
  std::string body;
  json_writer json{body};
  json.begin_object().key("custody").begin_array();
  for (const auto& record : *found)
    write(json, record);
  json.end_array().end_object();
  return http::json_response(std::move(body));
}

} // namespace

void install_retention(http::router& router, const retention_parts& all) {
  using http::access_level;
  using http::method;
  const auto add = [&](method how, const char* path, access_level needs, auto answer) {
    router.add(how, path, needs, [all, answer](const http::request& r) { return answer(all, r); });
  };
  add(method::get, "/api/v1/retention", access_level::reader, policy);
  add(method::get, "/api/v1/holds", access_level::reader, list_holds);
  add(method::post, "/api/v1/holds", access_level::lead, place);
  add(method::post, "/api/v1/holds/{id}/lift", access_level::lead, lift);
  add(method::post, "/api/v1/erasures", access_level::administrator, erase);
  add(method::get, "/api/v1/alerts/{position}/custody", access_level::reader, custody);
}

} // namespace cresset::coord::api::retention
