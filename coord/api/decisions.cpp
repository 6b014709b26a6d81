// A decision names the newest alert its maker saw. The store closes up to there and leaves what
// came later open, so a decision is never wrong for being a moment late; only when somebody else
// has decided on more since is it `stale`, and then the answer carries the group and the decisions
// as they are now, so that a page can show what changed.
#include "coord/api/decisions.hpp"

#include "coord/api/change_notices.hpp"
#include "coord/api/json_input.hpp"
#include "coord/api/json_output.hpp"
#include "coord/api/paging.hpp"
#include "coord/api/store_answer.hpp"

namespace cresset::coord::api {

namespace {

constexpr int decisions_shown = 50;
constexpr int dismissals_shown = 200;
constexpr std::int64_t standing_limit_hours = incident::standing_limit.count();

/// The members that only one kind knows; any other kind leaves them unasked, and `mistake` then
/// refuses them.
void read_dismissal(json_input& in, incident::decision_request& to) {
  to.code = in.word("code", incident::reason_code_from);
  to.reason =
      in.text("reason", {.most = incident::reason_limit_bytes, .many_lines = true}).value_or("");
  if (!in.has("stands"))
    return;
  auto stands = in.object("stands");
  const auto scope = stands.word("scope", incident::dismissal_scope_from);
  const auto hours = stands.number("hours", 1, standing_limit_hours);
  if (auto wrong = stands.mistake())
    in.adopt(std::move(*wrong));
  else
    to.stands = {*scope, now() + std::chrono::hours{*hours}};
}

void read_raise(json_input& in, incident::decision_request& to) {
  if (in.has("reason"))
    to.reason =
        in.text("reason", {.most = incident::reason_limit_bytes, .many_lines = true}).value_or("");
  if (in.has("into")) {
    to.into = incident::incident_id{in.number("into", 1, INT64_MAX).value_or(0)};
    return;
  }
  to.title = in.text("title", {.most = 300}).value_or("");
  to.severity = static_cast<int>(in.number("severity", 0, 100).value_or(0));
}

incident::decision_request read_request(json_input& in, incident::group_id group,
                                        const http::identity& who) {
  incident::decision_request wanted;
  wanted.group = group;
  wanted.by = {who.account};
  const auto kind = in.word("kind", incident::decision_kind_from);
  wanted.seen = {in.number("seen", 1, INT64_MAX).value_or(0)};
  if (!kind)
    return wanted;
  wanted.kind = *kind;
  switch (*kind) {
  case incident::decision_kind::dismiss: read_dismissal(in, wanted); break;
  case incident::decision_kind::raise: read_raise(in, wanted); break;
  case incident::decision_kind::undo:
    wanted.undone = incident::decision_id{in.number("undone", 1, INT64_MAX).value_or(0)};
    break;
  case incident::decision_kind::acknowledge:
    if (in.has("reason"))
      wanted.reason = in.text("reason", {.most = incident::reason_limit_bytes, .many_lines = true})
                          .value_or("");
    break;
  }
  return wanted;
}

/// `"group":{…},"decisions":[…]` as they are now; what cannot be read is left out.
void write_state(json_writer& json, const parts& all, incident::group_id id) {
  if (const auto group = all.groups.group(id)) {
    json.key("group");
    write(json, *group);
  }
  if (const auto decisions = all.groups.decisions_of_group(id, decisions_shown))
    write_list(json, "decisions", *decisions);
}

http::response conflict(const parts& all, const incident::store_error& stale,
                        incident::group_id id) {
  http::response answer;
  answer.status = 409;
  answer.content_type = "application/problem+json";
  json_writer json{answer.body};
  json.begin_object()
      .member("type", "about:blank")
      .member("title", http::status_text(409))
      .member("status", 409)
      .member("detail", stale.text);
  write_state(json, all, id);
  json.end_object();
  return answer;
}

http::response decide(const parts& all, const http::request& r) {
  query_input query{r};
  const incident::group_id id{query.id("id")};
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  auto in = json_input::body_of(r);
  const auto wanted = read_request(in, id, *r.who);
  if (auto wrong = in.mistake())
    return std::move(*wrong);
  const auto made = all.groups.decide(wanted);
  if (!made && made.error().why == incident::store_errc::stale)
    return conflict(all, made.error(), id);
  if (!made)
    return answer_to(made.error());
  std::string body;
  json_writer json{body};
  json.begin_object().key("decision");
  write(json, *made);
  if (const auto group = all.groups.group(id)) {
    json.key("group");
    write(json, *group);
    all.pushes.publish(groups_notice({*group}));
  }
  json.end_object();
  if (made->incident)
    all.pushes.publish(incidents_notice({*made->incident}));
  return http::json_response(std::move(body), 201);
}

http::response history(const parts& all, const http::request& r) {
  query_input query{r};
  const incident::group_id id{query.id("id")};
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  if (const auto group = all.groups.group(id); !group)
    return answer_to(group.error());
  const auto decisions = all.groups.decisions_of_group(id, decisions_shown);
  if (!decisions)
    return answer_to(decisions.error());
  std::string body;
  json_writer json{body};
  json.begin_object();
  write_list(json, "decisions", *decisions);
  json.end_object();
  return http::json_response(std::move(body));
}

http::response standing(const parts& all, const http::request& r) {
  query_input query{r};
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  const auto decisions = all.groups.standing_dismissals(dismissals_shown);
  if (!decisions)
    return answer_to(decisions.error());
  std::string body;
  json_writer json{body};
  json.begin_object();
  write_list(json, "dismissals", *decisions);
  json.end_object();
  return http::json_response(std::move(body));
}

} // namespace

void install_decisions(http::router& router, const parts& all) {
  using http::access_level;
  using http::method;
  const auto add = [&](method m, const char* path, access_level needs, auto answer) {
    router.add(m, path, needs, [all, answer](const http::request& r) { return answer(all, r); });
  };
  add(method::post, "/api/v1/groups/{id}/decisions", access_level::writer, decide);
  add(method::get, "/api/v1/groups/{id}/decisions", access_level::reader, history);
  add(method::get, "/api/v1/dismissals", access_level::reader, standing);
}

} // namespace cresset::coord::api
