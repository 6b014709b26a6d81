#include "coord/api/incidents.hpp"

#include "coord/api/change_notices.hpp"
#include "coord/api/cursor.hpp"
#include "coord/api/json_input.hpp"
#include "coord/api/json_output.hpp"
#include "coord/api/paging.hpp"
#include "coord/api/store_answer.hpp"
#include "coord/incident/rule_facts.hpp"

namespace cresset::coord::api {

namespace {

constexpr int history_rows = 200;
constexpr int group_rows = 200;
constexpr text_limits note_limits{.most = 4000, .many_lines = true};

/// `lang` of the query, else the first language of the client that we speak, else English.
incident::language asked_language(query_input& query, const http::request& r) {
  if (const auto said = query.text("lang")) {
    const auto known = incident::language_from(*said);
    if (!known)
      query.refuse("lang", "is not a language of this server: write en or ru");
    return known.value_or(incident::language::en);
  }
  const auto wishes = r.header_value("Accept-Language");
  return incident::language_from(wishes.substr(0, wishes.find_first_of(",;")))
      .value_or(incident::language::en);
}

http::response list(const parts& all, const http::request& r) {
  query_input query{r};
  incident::incident_query wanted;
  wanted.limit = page_rows(query);
  wanted.open_only = !query.boolean("closed", false);
  wanted.exercise = query.boolean("exercise", false);
  if (const auto cursor = query.text("after")) {
    wanted.after = incident_key_from(*cursor);
    if (!wanted.after)
      query.refuse("after", "is not a cursor that this list gave");
  }
  const auto in = asked_language(query, r);
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  const auto found = all.incidents.incidents(wanted);
  if (!found)
    return answer_to(found.error());
  std::string body;
  json_writer json{body};
  json.begin_object();
  write_list(json, "incidents", *found, in);
  if (found->size() < static_cast<std::size_t>(wanted.limit))
    json.key("next").null();
  else
    json.member("next", to_cursor(incident::incident_key{found->back().severity,
                                                         found->back().changed, found->back().id}));
  json.end_object();
  return http::json_response(std::move(body));
}

/// The id in the path, if that is all the request says.
struct named_incident {
  incident::incident_id id;
  std::optional<http::response> wrong;
};

named_incident named(const http::request& r) {
  query_input query{r};
  const incident::incident_id id{query.id("id")};
  return {id, query.mistake()};
}

http::response one(const parts& all, const http::request& r) {
  query_input query{r};
  const incident::incident_id id{query.id("id")};
  const auto in = asked_language(query, r);
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  const auto found = all.incidents.one(id);
  return found ? http::json_response(to_json(*found, in)) : answer_to(found.error());
}

http::response groups(const parts& all, const http::request& r) {
  auto [id, wrong] = named(r);
  if (wrong)
    return std::move(*wrong);
  if (const auto known = all.incidents.one(id); !known)
    return answer_to(known.error());
  const auto found = all.incidents.groups_of(id, group_rows);
  if (!found)
    return answer_to(found.error());
  std::string body;
  json_writer json{body};
  json.begin_object();
  write_list(json, "groups", *found);
  json.end_object();
  return http::json_response(std::move(body));
}

http::response alerts(const parts& all, const http::request& r) {
  query_input query{r};
  const incident::incident_id id{query.id("id")};
  const incident::alert_position before{query.number("before", 0, 0, INT64_MAX)};
  const int limit = page_rows(query);
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  if (const auto known = all.incidents.one(id); !known)
    return answer_to(known.error());
  const auto found = all.incidents.alerts_of(id, before, limit);
  if (!found)
    return answer_to(found.error());
  std::string body;
  json_writer json{body};
  json.begin_object();
  write_list(json, "alerts", *found);
  json.end_object();
  return http::json_response(std::move(body));
}

http::response history(const parts& all, const http::request& r) {
  auto [id, wrong] = named(r);
  if (wrong)
    return std::move(*wrong);
  if (const auto known = all.incidents.one(id); !known)
    return answer_to(known.error());
  const auto found = all.incidents.history(id, history_rows);
  if (!found)
    return answer_to(found.error());
  std::string body;
  json_writer json{body};
  json.begin_object();
  write_list(json, "history", *found);
  json.end_object();
  return http::json_response(std::move(body));
}

/// The incident after a change, or what forbade it. 409 carries the incident as it is now.
http::response changed(const parts& all, incident::incident_id id,
                       const incident::result<incident::incident>& made) {
  if (made) {
    all.pushes.publish(incidents_notice({id}));
    return http::json_response(to_json(*made));
  }
  if (made.error().why != incident::store_errc::stale)
    return answer_to(made.error());
  http::response answer;
  answer.status = 409;
  answer.content_type = "application/problem+json";
  json_writer json{answer.body};
  json.begin_object()
      .member("type", "about:blank")
      .member("title", http::status_text(409))
      .member("status", 409)
      .member("detail", made.error().text);
  if (const auto now = all.incidents.one(id)) {
    json.key("incident");
    write(json, *now);
  }
  json.end_object();
  return answer;
}

incident::incident_edit read_edit(json_input& in) {
  incident::incident_edit edit;
  if (in.has("title"))
    edit.title = in.text("title", {.most = 300});
  if (in.has("severity"))
    edit.severity = static_cast<int>(in.number("severity", 0, 100).value_or(0));
  if (in.has("classification")) {
    incident::rsit code{in.text("classification", {.most = 64}).value_or(""), ""};
    if (in.has("type"))
      code.type = in.text("type", {.least = 0, .most = 64}).value_or("");
    if (!incident::is_known(code))
      in.refuse("classification", "and type are not of the taxonomy RSIT 1003");
    edit.classified = code;
  }
  if (in.has("tlp"))
    edit.label = in.word("tlp", incident::tlp_from);
  if (in.has("pap"))
    edit.actions = in.word("pap", incident::pap_from);
  if (in.has("legal_basis"))
    edit.legal_basis = in.text("legal_basis", {.least = 0, .most = 500});
  if (in.has("sector"))
    edit.sector = in.text("sector", {.least = 0, .most = 100});
  if (in.has("constituent"))
    edit.constituent = in.text("constituent", {.least = 0, .most = 300});
  if (in.has("personal_data"))
    edit.personal_data = in.boolean("personal_data");
  if (in.has("retain_until"))
    edit.retain_until = in.time("retain_until");
  if (in.has("determination"))
    edit.determination = in.text("determination", {.least = 0, .most = 64});
  if (in.has("recoverability"))
    edit.recoverability = in.text("recoverability", {.least = 0, .most = 64});
  if (in.has("techniques"))
    edit.techniques = in.texts("techniques", incident::incident_values_limit, {.most = 16});
  if (in.has("cves"))
    edit.cves = in.texts("cves", incident::incident_values_limit, {.most = 32});
  if (in.has("owner"))
    edit.owner = incident::user_id{in.number("owner", 0, INT64_MAX).value_or(0)};
  return edit;
}

http::response edit(const parts& all, const http::request& r) {
  auto [id, wrong] = named(r);
  if (wrong)
    return std::move(*wrong);
  auto in = json_input::body_of(r);
  const auto seen = in.number("seen_version", 1, INT64_MAX);
  auto wanted = read_edit(in);
  if (in.has("take") && in.boolean("take").value_or(false))
    wanted.owner = incident::user_id{r.who->account};
  if (auto mistake = in.mistake())
    return std::move(*mistake);
  return changed(all, id, all.incidents.edit(id, *seen, wanted, {r.who->account}));
}

http::response move(const parts& all, const http::request& r) {
  auto [id, wrong] = named(r);
  if (wrong)
    return std::move(*wrong);
  auto in = json_input::body_of(r);
  incident::transition_request wanted;
  wanted.incident = id;
  wanted.by = {r.who->account};
  wanted.seen_version = in.number("seen_version", 1, INT64_MAX).value_or(0);
  const auto to = in.word("to", incident::incident_state_from);
  if (in.has("reason"))
    wanted.reason = in.word("reason", incident::close_reason_from);
  if (in.has("note"))
    wanted.note = in.text("note", note_limits).value_or("");
  if (to == incident::incident_state::closed && !wanted.reason)
    in.refuse("reason", "is missing: closing needs one");
  if (auto mistake = in.mistake())
    return std::move(*mistake);
  wanted.to = *to;
  return changed(all, id, all.incidents.move(wanted));
}

http::response note(const parts& all, const http::request& r) {
  auto [id, wrong] = named(r);
  if (wrong)
    return std::move(*wrong);
  auto in = json_input::body_of(r);
  auto text = in.text("text", note_limits);
  if (auto mistake = in.mistake())
    return std::move(*mistake);
  if (const auto done = all.incidents.note(id, std::move(*text), {r.who->account}); !done)
    return answer_to(done.error());
  all.pushes.publish(incidents_notice({id}));
  return http::no_content();
}

} // namespace

void install_incidents(http::router& router, const parts& all) {
  using http::access_level;
  using http::method;
  const auto add = [&](method m, const char* path, access_level needs, auto answer) {
    router.add(m, path, needs, [all, answer](const http::request& r) { return answer(all, r); });
  };
  add(method::get, "/api/v1/incidents", access_level::reader, list);
  add(method::get, "/api/v1/incidents/{id}", access_level::reader, one);
  add(method::get, "/api/v1/incidents/{id}/groups", access_level::reader, groups);
  add(method::get, "/api/v1/incidents/{id}/alerts", access_level::reader, alerts);
  add(method::get, "/api/v1/incidents/{id}/history", access_level::reader, history);
  add(method::patch, "/api/v1/incidents/{id}", access_level::writer, edit);
  add(method::post, "/api/v1/incidents/{id}/transitions", access_level::writer, move);
  add(method::post, "/api/v1/incidents/{id}/notes", access_level::writer, note);
}

} // namespace cresset::coord::api
