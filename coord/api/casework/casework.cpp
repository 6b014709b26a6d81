#include "coord/api/casework/casework.hpp"

#include "coord/api/casework/answers.hpp"

namespace cresset::coord::api::casework {
namespace {

using namespace coord::casework;

/// Which incident, from where on, and how many rows.
struct page_request {
  incident::incident_id id;
  std::int64_t after = 0;
  int limit = 0;
  std::optional<http::response> wrong;
};

page_request page_of(const http::request& r, bool has_id = true) {
  query_input query{r};
  page_request asked;
  if (has_id)
    asked.id = {query.id("id")};
  asked.after = query.number("after", 0, 0, INT64_MAX);
  asked.limit = page_rows(query);
  asked.wrong = query.mistake();
  return asked;
}

/// The id in the path, if that is all the request says.
struct named {
  std::int64_t id = 0;
  std::optional<http::response> wrong;
};

named named_of(const http::request& r) {
  query_input query{r};
  const auto id = query.id("id");
  return {id, query.mistake()};
}

template <typename Value>
http::response changed(const parts& all, incident::incident_id id,
                       const incident::result<Value>& made, unsigned status) {
  if (made)
    all.changed(id);
  return answer_one(made, status);
}

constexpr auto id_of_last = [](const auto& last) { return last.id.value; };

http::response list_tasks(const parts& all, const http::request& r) {
  auto asked = page_of(r);
  if (asked.wrong)
    return std::move(*asked.wrong);
  return answer_page("tasks", all.store.tasks(asked.id, {asked.after}, asked.limit), asked.limit,
                     id_of_last);
}

http::response my_tasks(const parts& all, const http::request& r) {
  auto asked = page_of(r, false);
  if (asked.wrong)
    return std::move(*asked.wrong);
  return answer_page("tasks", all.store.tasks_of({r.who->account}, {asked.after}, asked.limit),
                     asked.limit, id_of_last);
}

http::response add_task(const parts& all, const http::request& r) {
  auto [id, wrong] = named_of(r);
  if (wrong)
    return std::move(*wrong);
  auto in = json_input::body_of(r);
  task wanted;
  wanted.incident = {id};
  wanted.title = in.text("title", {.most = 300}).value_or("");
  wanted.kind = in.text("kind", {.most = 64}).value_or("");
  if (in.has("outcome"))
    wanted.outcome = in.text("outcome", {.most = 64}).value_or("");
  if (in.has("priority"))
    wanted.priority = static_cast<int>(in.number("priority", 0, 100).value_or(0));
  if (in.has("assignee"))
    wanted.assignee = incident::user_id{in.number("assignee", 1, INT64_MAX).value_or(0)};
  if (in.has("asked_of"))
    wanted.asked_of = in.text("asked_of", {.least = 0, .most = 300}).value_or("");
  if (in.has("note"))
    wanted.note = in.text("note", {.least = 0, .most = 10'000, .many_lines = true}).value_or("");
  if (in.has("due"))
    wanted.due = in.time("due");
  if (auto mistake = in.mistake())
    return std::move(*mistake);
  return changed(all, {id}, all.store.add(wanted, {r.who->account}, this_moment()), 201);
}

http::response edit_task(const parts& all, const http::request& r) {
  auto [id, wrong] = named_of(r);
  if (wrong)
    return std::move(*wrong);
  auto in = json_input::body_of(r);
  const auto seen = in.number("seen_version", 1, INT64_MAX);
  task_edit edit;
  if (in.has("title"))
    edit.title = in.text("title", {.most = 300});
  if (in.has("outcome"))
    edit.outcome = in.text("outcome", {.most = 64});
  if (in.has("priority"))
    edit.priority = static_cast<int>(in.number("priority", 0, 100).value_or(0));
  if (in.has("assignee"))
    edit.assignee = incident::user_id{in.number("assignee", 0, INT64_MAX).value_or(0)};
  if (in.has("asked_of"))
    edit.asked_of = in.text("asked_of", {.least = 0, .most = 300});
  if (in.has("note"))
    edit.note = in.text("note", {.least = 0, .most = 10'000, .many_lines = true});
  if (in.has("due"))
    edit.due = in.time("due");
  if (auto mistake = in.mistake())
    return std::move(*mistake);
  const auto made = all.store.edit({id}, *seen, edit, {r.who->account}, this_moment());
  return changed(all, made ? made->incident : incident::incident_id{}, made, 200);
}

http::response list_happenings(const parts& all, const http::request& r) {
  auto asked = page_of(r);
  if (asked.wrong)
    return std::move(*asked.wrong);
  return answer_page("happenings", all.store.happenings(asked.id, {asked.after}, asked.limit),
                     asked.limit, id_of_last);
}

http::response add_happening(const parts& all, const http::request& r) {
  auto [id, wrong] = named_of(r);
  if (wrong)
    return std::move(*wrong);
  auto in = json_input::body_of(r);
  happening wanted;
  wanted.incident = {id};
  wanted.status = in.text("status", {.most = 64}).value_or("");
  wanted.kind = in.text("kind", {.most = 64}).value_or("");
  wanted.description = in.text("description", {.most = 10'000, .many_lines = true}).value_or("");
  if (in.has("begun"))
    wanted.begun = in.time("begun");
  if (in.has("ended"))
    wanted.ended = in.time("ended");
  if (auto mistake = in.mistake())
    return std::move(*mistake);
  return changed(all, {id}, all.store.add(wanted, {r.who->account}, this_moment()), 201);
}

http::response list_impacts(const parts& all, const http::request& r) {
  auto asked = page_of(r);
  if (asked.wrong)
    return std::move(*asked.wrong);
  return answer_page("impacts", all.store.impacts(asked.id, {asked.after}, asked.limit),
                     asked.limit, id_of_last);
}

http::response add_impact(const parts& all, const http::request& r) {
  auto [id, wrong] = named_of(r);
  if (wrong)
    return std::move(*wrong);
  auto in = json_input::body_of(r);
  impact wanted;
  wanted.incident = {id};
  wanted.category = in.text("category", {.most = 64}).value_or("");
  wanted.criticality = static_cast<int>(in.number("criticality", 0, 100).value_or(0));
  wanted.description = in.text("description", {.most = 10'000, .many_lines = true}).value_or("");
  if (in.has("entity"))
    wanted.entity = in.text("entity", {.most = 64}).value_or("");
  if (in.has("entities"))
    wanted.entities = in.number("entities", 0, 1'000'000'000'000).value_or(0);
  if (in.has("recoverability"))
    wanted.recoverability = in.text("recoverability", {.most = 64}).value_or("");
  std::optional<impact_id> supersedes;
  if (in.has("supersedes"))
    supersedes = impact_id{in.number("supersedes", 1, INT64_MAX).value_or(0)};
  if (auto mistake = in.mistake())
    return std::move(*mistake);
  return changed(all, {id}, all.store.add(wanted, supersedes, {r.who->account}, this_moment()),
                 201);
}

http::response list_watchers(const parts& all, const http::request& r) {
  auto [id, wrong] = named_of(r);
  if (wrong)
    return std::move(*wrong);
  return answer_list("watchers", all.store.watchers({id}));
}

http::response watch(const parts& all, const http::request& r) {
  auto [id, wrong] = named_of(r);
  if (wrong)
    return std::move(*wrong);
  auto in = json_input::body_of(r);
  const auto on = in.boolean("on");
  if (auto mistake = in.mistake())
    return std::move(*mistake);
  const auto done = all.store.watch({id}, {r.who->account}, *on, this_moment());
  return done ? http::no_content() : answer_to(done.error());
}

http::response my_incidents(const parts& all, const http::request& r) {
  query_input query{r};
  const incident::incident_id before{query.number("before", 0, 0, INT64_MAX)};
  const int limit = page_rows(query);
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  const auto found = all.store.watched_by({r.who->account}, before, limit);
  if (!found)
    return answer_to(found.error());
  std::string body;
  json_writer json{body};
  json.begin_object().key("incidents").begin_array();
  for (const auto id : *found)
    json.number(id.value);
  json.end_array();
  if (found->size() < static_cast<std::size_t>(limit))
    json.key("next").null();
  else
    json.member("next", found->back().value);
  json.end_object();
  return http::json_response(std::move(body));
}

http::response list_comments(const parts& all, const http::request& r) {
  auto asked = page_of(r);
  if (asked.wrong)
    return std::move(*asked.wrong);
  return answer_page("comments", all.store.comments(asked.id, asked.after, asked.limit),
                     asked.limit, [](const comment& last) { return last.sequence; });
}

} // namespace

void install(http::router& router, const parts& all) {
  using http::access_level;
  using http::method;
  const auto add = [&](method m, const char* path, access_level needs, auto answer) {
    router.add(m, path, needs, [all, answer](const http::request& r) { return answer(all, r); });
  };
  add(method::get, "/api/v1/incidents/{id}/tasks", access_level::reader, list_tasks);
  add(method::post, "/api/v1/incidents/{id}/tasks", access_level::writer, add_task);
  add(method::patch, "/api/v1/tasks/{id}", access_level::writer, edit_task);
  add(method::get, "/api/v1/my/tasks", access_level::reader, my_tasks);
  add(method::get, "/api/v1/incidents/{id}/happenings", access_level::reader, list_happenings);
  add(method::post, "/api/v1/incidents/{id}/happenings", access_level::writer, add_happening);
  add(method::get, "/api/v1/incidents/{id}/impacts", access_level::reader, list_impacts);
  add(method::post, "/api/v1/incidents/{id}/impacts", access_level::writer, add_impact);
  add(method::get, "/api/v1/incidents/{id}/watchers", access_level::reader, list_watchers);
  add(method::post, "/api/v1/incidents/{id}/watching", access_level::writer, watch);
  add(method::get, "/api/v1/my/incidents", access_level::reader, my_incidents);
  add(method::get, "/api/v1/incidents/{id}/comments", access_level::reader, list_comments);
  install_attachments(router, all);
  install_moves(router, all);
}

} // namespace cresset::coord::api::casework
