#include "coord/api/casework/answers.hpp"

namespace cresset::coord::api::casework {
namespace {

using namespace coord::casework;

// Groups, tasks and attachments that one split can name.
constexpr std::size_t split_limit = 1000;

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

http::response moved(const parts& all, const incident::result<incident_move>& made,
                     unsigned status) {
  if (made) {
    all.changed(made->source);
    all.changed(made->target);
  }
  return answer_one(made, status);
}

http::response list_links(const parts& all, const http::request& r) {
  auto [id, wrong] = named_of(r);
  if (wrong)
    return std::move(*wrong);
  return answer_list("links", all.store.links({id}));
}

http::response set_link(const parts& all, const http::request& r) {
  auto [id, wrong] = named_of(r);
  if (wrong)
    return std::move(*wrong);
  auto in = json_input::body_of(r);
  incident_link wanted;
  wanted.from = {id};
  wanted.to = {in.number("to", 1, INT64_MAX).value_or(0)};
  wanted.kind = in.text("kind", {.most = 32}).value_or("");
  const bool on = in.has("on") ? in.boolean("on").value_or(true) : true;
  if (auto mistake = in.mistake())
    return std::move(*mistake);
  const auto done = all.store.link(wanted, on, {r.who->account}, this_moment());
  if (!done)
    return answer_to(done.error());
  all.changed(wanted.from);
  all.changed(wanted.to);
  return http::no_content();
}

http::response list_moves(const parts& all, const http::request& r) {
  auto [id, wrong] = named_of(r);
  if (wrong)
    return std::move(*wrong);
  return answer_list("moves", all.store.moves({id}));
}

http::response merge(const parts& all, const http::request& r) {
  auto [id, wrong] = named_of(r);
  if (wrong)
    return std::move(*wrong);
  auto in = json_input::body_of(r);
  merge_request wanted;
  wanted.source = {id};
  wanted.source_version = in.number("seen_version", 1, INT64_MAX).value_or(0);
  wanted.target = {in.number("into", 1, INT64_MAX).value_or(0)};
  wanted.target_version = in.number("into_seen_version", 1, INT64_MAX).value_or(0);
  wanted.by = {r.who->account};
  if (auto mistake = in.mistake())
    return std::move(*mistake);
  return moved(all, all.store.merge(wanted, this_moment()), 201);
}

http::response split(const parts& all, const http::request& r) {
  auto [id, wrong] = named_of(r);
  if (wrong)
    return std::move(*wrong);
  auto in = json_input::body_of(r);
  split_request wanted;
  wanted.source = {id};
  wanted.source_version = in.number("seen_version", 1, INT64_MAX).value_or(0);
  wanted.title = in.text("title", {.most = 300}).value_or("");
  wanted.groups = in.ids("groups", split_limit).value_or(std::vector<std::int64_t>{});
  if (in.has("tasks"))
    wanted.tasks = in.ids("tasks", split_limit).value_or(std::vector<std::int64_t>{});
  if (in.has("attachments"))
    wanted.attachments = in.ids("attachments", split_limit).value_or(std::vector<std::int64_t>{});
  wanted.by = {r.who->account};
  if (auto mistake = in.mistake())
    return std::move(*mistake);
  return moved(all, all.store.split(wanted, this_moment()), 201);
}

http::response undo(const parts& all, const http::request& r) {
  auto [id, wrong] = named_of(r);
  if (wrong)
    return std::move(*wrong);
  auto in = json_input::body_of(r);
  if (auto mistake = in.mistake())
    return std::move(*mistake);
  return moved(all, all.store.undo({id}, {r.who->account}, this_moment()), 200);
}

http::response exercise(const parts& all, const http::request& r) {
  auto [id, wrong] = named_of(r);
  if (wrong)
    return std::move(*wrong);
  auto in = json_input::body_of(r);
  const auto seen = in.number("seen_version", 1, INT64_MAX);
  const auto on = in.boolean("exercise");
  if (auto mistake = in.mistake())
    return std::move(*mistake);
  const auto made = all.store.mark_exercise({id}, *seen, *on, {r.who->account}, this_moment());
  if (!made)
    return answer_to(made.error());
  all.changed({id});
  return http::json_response(to_json(*made));
}

} // namespace

void install_moves(http::router& router, const parts& all) {
  using http::access_level;
  using http::method;
  const auto add = [&](method m, const char* path, access_level needs, auto answer) {
    router.add(m, path, needs, [all, answer](const http::request& r) { return answer(all, r); });
  };
  add(method::get, "/api/v1/incidents/{id}/links", access_level::reader, list_links);
  add(method::post, "/api/v1/incidents/{id}/links", access_level::writer, set_link);
  add(method::get, "/api/v1/incidents/{id}/moves", access_level::reader, list_moves);
  add(method::post, "/api/v1/incidents/{id}/merge", access_level::writer, merge);
  add(method::post, "/api/v1/incidents/{id}/split", access_level::writer, split);
  add(method::post, "/api/v1/moves/{id}/undo", access_level::writer, undo);
  add(method::post, "/api/v1/incidents/{id}/exercise", access_level::writer, exercise);
}

} // namespace cresset::coord::api::casework
