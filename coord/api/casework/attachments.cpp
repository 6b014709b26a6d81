// A file may hold anything, an attack on the one who opens it included. Hence it leaves only as a
// download: type application/octet-stream whatever its sender called it, a file name made harmless,
// and a policy that lets a browser do nothing with it.
#include "coord/api/casework/answers.hpp"

namespace cresset::coord::api::casework {
namespace {

using namespace coord::casework;

// Base64 of the largest attachment.
constexpr std::size_t encoded_limit_bytes = (attachment_limit_bytes + 2) / 3 * 4;

http::response list(const parts& all, const http::request& r) {
  query_input query{r};
  const incident::incident_id id{query.id("id")};
  const auto after = query.number("after", 0, 0, INT64_MAX);
  const int limit = page_rows(query);
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  return answer_page("attachments", all.store.attachments(id, {after}, limit), limit,
                     [](const attachment& last) { return last.id.value; });
}

http::response add(const parts& all, const http::request& r) {
  query_input query{r};
  const incident::incident_id id{query.id("id")};
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  auto in = json_input::body_of(r);
  attachment wanted;
  wanted.incident = id;
  wanted.name = in.text("name", {.most = 200}).value_or("");
  wanted.media_type = in.has("media_type") ? in.text("media_type", {.most = 127}).value_or("")
                                           : "application/octet-stream";
  const auto text = in.text("bytes", {.most = encoded_limit_bytes});
  const auto bytes = text ? from_base64(*text) : std::nullopt;
  if (text && !bytes)
    in.refuse("bytes", "is not base64 (RFC 4648 section 4, with padding)");
  if (auto mistake = in.mistake())
    return std::move(*mistake);
  const auto made = all.store.attach(wanted, *bytes, {r.who->account}, this_moment());
  if (made)
    all.changed(id);
  return answer_one(made, 201);
}

http::response content(const parts& all, const http::request& r) {
  query_input query{r};
  const attachment_id id{query.id("id")};
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  auto found = all.store.content_of(id);
  if (!found)
    return answer_to(found.error());
  http::response answer;
  answer.content_type = "application/octet-stream";
  answer.headers = {{"Content-Disposition",
                     "attachment; filename=\"" + header_file_name(found->what.name) + "\""},
                    {"Content-Security-Policy", "default-src 'none'; sandbox"}};
  answer.body.assign(reinterpret_cast<const char*>(found->bytes.data()), found->bytes.size());
  return answer;
}

http::response remove(const parts& all, const http::request& r) {
  query_input query{r};
  const attachment_id id{query.id("id")};
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  auto in = json_input::body_of(r);
  const auto why = in.text("reason", {.most = 1000});
  if (auto mistake = in.mistake())
    return std::move(*mistake);
  const auto made = all.store.remove(id, *why, {r.who->account}, this_moment());
  if (made)
    all.changed(made->incident);
  return answer_one(made, 200);
}

} // namespace

void install_attachments(http::router& router, const parts& all) {
  using http::access_level;
  using http::method;
  const auto add_route = [&](method m, const char* path, access_level needs, auto answer) {
    router.add(m, path, needs, [all, answer](const http::request& r) { return answer(all, r); });
  };
  add_route(method::get, "/api/v1/incidents/{id}/attachments", access_level::reader, list);
  add_route(method::post, "/api/v1/incidents/{id}/attachments", access_level::writer, add);
  add_route(method::get, "/api/v1/attachments/{id}/content", access_level::reader, content);
  add_route(method::post, "/api/v1/attachments/{id}/removal", access_level::lead, remove);
}

} // namespace cresset::coord::api::casework
