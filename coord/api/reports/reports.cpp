#include "coord/api/reports/reports.hpp"

#include "coord/api/json_input.hpp"
#include "coord/api/json_output.hpp"
#include "coord/api/paging.hpp"
#include "coord/api/store_answer.hpp"

#include <charconv>

#include <fmt/format.h>

namespace cresset::coord::api::reports {
namespace {

using report::repository;
using one_report = report::report;

constexpr int decisions_shown = 100;

void write_addresses(json_writer& json, std::string_view name, const std::vector<ip_address>& all) {
  json.key(name).begin_array();
  for (const auto& address : all)
    json.text(address.to_string());
  json.end_array();
}

void write_object(json_writer& json, const one_report& one) {
  json.begin_object()
      .member("id", one.id.value)
      .member("channel", one.channel)
      .member("reference", one.reference)
      .member("title", one.title)
      .member("body", one.body)
      .member("reporter", one.reporter)
      .member("contact", one.contact)
      .member("classification", one.classified.classification)
      .member("type", one.classified.type)
      .member("severity", one.severity)
      .member("tlp", to_string(one.label))
      .member("exercise", one.exercise)
      .member("personal_data", one.personal_data);
  write_addresses(json, "victims", one.victims);
  write_addresses(json, "attackers", one.attackers);
  write_time(json, "occurred", one.occurred.value_or(timestamp{}));
  write_time(json, "received", one.received);
  json.member("entered_by", one.entered_by).member("state", to_string(one.state));
  if (one.incident)
    json.member("incident", one.incident->value);
  else
    json.key("incident").null();
  json.member("version", one.version).end_object();
}

void write_object(json_writer& json, const report::report_decision& one) {
  const auto id = [&](std::string_view name, const auto& value) {
    if (value)
      json.member(name, value->value);
    else
      json.key(name).null();
  };
  json.begin_object()
      .member("id", one.id.value)
      .member("kind", to_string(one.kind))
      .member("by", one.by);
  write_time(json, "at", one.at);
  json.member("reason", one.reason).member("code", one.code);
  id("incident", one.incident);
  id("undoes", one.undoes);
  id("undone_by", one.undone_by);
  json.end_object();
}

/// "80.1795305600000000.17": severity, microseconds of receipt, id.
std::optional<report::queue_key> key_from(std::string_view text) {
  report::queue_key key;
  std::int64_t micros = 0;
  const auto take = [&](auto& number, bool is_last) {
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
    if (read.ec != std::errc{} || (is_last ? !text.empty() : !text.starts_with('.')))
      return false;
    if (!is_last)
      text.remove_prefix(1);
    return true;
  };
  if (!take(key.severity, false) || !take(micros, false) || !take(key.id.value, true) ||
      micros < 0 || micros > 7'258'118'400'000'000 || key.severity < 0 || key.severity > 100)
    return std::nullopt;
  key.received = timestamp{std::chrono::microseconds{micros}};
  return key;
}

std::string cursor_of(const one_report& last) {
  return fmt::format("{}.{}.{}", last.severity, to_ns(last.received) / 1000, last.id.value);
}

http::response list(repository& store, const http::request& r) {
  query_input query{r};
  report::queue_query wanted;
  wanted.limit = page_rows(query);
  wanted.exercise = query.boolean("exercise", false);
  if (const auto incident = query.number("incident", 0, 0, INT64_MAX); incident != 0)
    wanted.incident = incident::incident_id{incident};
  if (const auto word = query.text("state")) {
    wanted.state = report::report_state_from(*word);
    if (!wanted.state && *word != "all")
      query.refuse("state", "has to be open, acknowledged, dismissed, in_incident or all");
  } else if (wanted.incident) {
    wanted.state = std::nullopt;
  }
  if (const auto cursor = query.text("after")) {
    wanted.after = key_from(*cursor);
    if (!wanted.after)
      query.refuse("after", "is not a cursor that this list gave");
  }
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  const auto found = store.queue(wanted);
  if (!found)
    return answer_to(found.error());
  std::string body;
  json_writer json{body};
  json.begin_object().key("reports").begin_array();
  for (const auto& one : *found)
    write_object(json, one);
  json.end_array();
  if (found->size() < static_cast<std::size_t>(wanted.limit))
    json.key("next").null();
  else
    json.member("next", cursor_of(found->back()));
  json.end_object();
  return http::json_response(std::move(body));
}

http::response one(repository& store, const http::request& r) {
  query_input query{r};
  const report::report_id id{query.id("id")};
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  const auto found = store.one(id);
  if (!found)
    return answer_to(found.error());
  const auto decisions = store.decisions(id, decisions_shown);
  if (!decisions)
    return answer_to(decisions.error());
  std::string body;
  json_writer json{body};
  json.begin_object().key("report");
  write_object(json, *found);
  json.key("decisions").begin_array();
  for (const auto& decision : *decisions)
    write_object(json, decision);
  json.end_array().end_object();
  return http::json_response(std::move(body));
}

std::vector<ip_address> read_addresses(json_input& in, std::string_view name) {
  std::vector<ip_address> all;
  if (!in.has(name))
    return all;
  for (const auto& text :
       in.texts(name, report::addresses_limit, {.most = 64}).value_or(std::vector<std::string>{}))
    if (const auto address = ip_address::parse(text))
      all.push_back(*address);
    else
      in.refuse(name, "has to hold IPv4 or IPv6 addresses");
  return all;
}

report::new_report read_report(json_input& in) {
  report::new_report made;
  const auto optional_text = [&](std::string_view name, std::size_t most, bool lines = false) {
    return in.has(name)
               ? in.text(name, {.least = 0, .most = most, .many_lines = lines}).value_or("")
               : std::string{};
  };
  made.title = in.text("title", {.most = report::title_limit_bytes}).value_or("");
  made.body = optional_text("body", report::body_limit_bytes, true);
  made.reference = optional_text("reference", report::reference_limit_bytes);
  made.reporter = optional_text("reporter", report::contact_limit_bytes);
  made.contact = optional_text("contact", report::contact_limit_bytes, true);
  if (in.has("classification")) {
    made.classified = {in.text("classification", {.most = 64}).value_or(""),
                       optional_text("type", 64)};
    if (!incident::is_known(made.classified))
      in.refuse("classification", "and type are not of the taxonomy RSIT 1003");
  }
  if (in.has("severity"))
    made.severity = static_cast<int>(in.number("severity", 0, 100).value_or(0));
  if (in.has("tlp"))
    made.label = in.word("tlp", incident::tlp_from).value_or(incident::tlp::red);
  if (in.has("exercise"))
    made.exercise = in.boolean("exercise").value_or(false);
  if (in.has("personal_data"))
    made.personal_data = in.boolean("personal_data").value_or(true);
  if (in.has("occurred"))
    made.occurred = in.time("occurred");
  made.victims = read_addresses(in, "victims");
  made.attackers = read_addresses(in, "attackers");
  return made;
}

http::response enter(repository& store, const http::request& r) {
  auto in = json_input::body_of(r);
  const auto wanted = read_report(in);
  if (auto wrong = in.mistake())
    return std::move(*wrong);
  const auto made =
      store.enter(wanted, r.who->name, std::chrono::floor<std::chrono::microseconds>(now()));
  if (!made)
    return answer_to(made.error());
  std::string body;
  json_writer json{body};
  write_object(json, *made);
  return http::json_response(std::move(body), 201);
}

void read_kind(json_input& in, report::decision_request& to) {
  const auto reason = [&] {
    return in.text("reason", {.most = incident::reason_limit_bytes, .many_lines = true})
        .value_or("");
  };
  switch (to.kind) {
  case incident::decision_kind::dismiss:
    to.code = in.word("code", incident::reason_code_from);
    to.reason = reason();
    return;
  case incident::decision_kind::undo:
    to.undone = report::report_decision_id{in.number("undone", 1, INT64_MAX).value_or(0)};
    return;
  case incident::decision_kind::raise:
    if (in.has("into"))
      to.into = incident::incident_id{in.number("into", 1, INT64_MAX).value_or(0)};
    else if (in.has("title"))
      to.title = in.text("title", {.most = 300}).value_or("");
    break;
  case incident::decision_kind::acknowledge: break;
  }
  if (in.has("reason"))
    to.reason = reason();
}

http::response decide(repository& store, const http::request& r) {
  query_input query{r};
  report::decision_request wanted;
  wanted.report = {query.id("id")};
  wanted.by = {r.who->account};
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  auto in = json_input::body_of(r);
  wanted.seen_version = in.number("seen_version", 1, INT64_MAX).value_or(0);
  if (const auto kind = in.word("kind", incident::decision_kind_from)) {
    wanted.kind = *kind;
    read_kind(in, wanted);
  }
  if (auto wrong = in.mistake())
    return std::move(*wrong);
  const auto made = store.decide(wanted, std::chrono::floor<std::chrono::microseconds>(now()));
  if (!made)
    return answer_to(made.error());
  std::string body;
  json_writer json{body};
  json.begin_object().key("decision");
  write_object(json, *made);
  if (const auto after = store.one(wanted.report)) {
    json.key("report");
    write_object(json, *after);
  }
  json.end_object();
  return http::json_response(std::move(body), 201);
}

} // namespace

void install(http::router& router, repository& store) {
  using http::access_level;
  using http::method;
  const auto add = [&](method m, const char* path, access_level needs, auto answer) {
    router.add(m, path, needs,
               [&store, answer](const http::request& r) { return answer(store, r); });
  };
  add(method::get, "/api/v1/reports", access_level::reader, list);
  add(method::get, "/api/v1/reports/{id}", access_level::reader, one);
  add(method::post, "/api/v1/reports", access_level::writer, enter);
  add(method::post, "/api/v1/reports/{id}/decisions", access_level::writer, decide);
}

} // namespace cresset::coord::api::reports
