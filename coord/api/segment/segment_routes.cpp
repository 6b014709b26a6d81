#include "coord/api/segment/segment_routes.hpp"

#include "coord/api/paging.hpp"
#include "coord/api/segment/segment_json.hpp"
#include "coord/api/store_answer.hpp"
#include "coord/segment/importer.hpp"
#include "coord/signed/digest.hpp"

#include <charconv>

namespace cresset::coord::api::segment {
using namespace coord::segment;
namespace {

/// Records of a difference that an answer shows; the counts tell of all.
constexpr std::size_t shown_limit = 100;
constexpr std::size_t part_limit_bytes = 60'000;

template <typename Elements>
void write_all(json_writer& json, std::string_view name, const Elements& elements) {
  json.key(name).begin_array();
  for (const auto& element : elements)
    write(json, element);
  json.end_array();
}

http::response search(const parts& all, const http::request& r) {
  query_input query{r};
  record_query wanted;
  wanted.limit = page_rows(query);
  if (const auto word = query.text("kind")) {
    wanted.kind = record_kind_from(*word);
    if (!wanted.kind)
      query.refuse("kind", "has to be owner, contact, prefix, as_number or domain");
  }
  wanted.text = query.text("text").value_or("");
  wanted.owner = query.text("owner").value_or("");
  wanted.source = query.text("source").value_or("");
  wanted.country = query.text("country").value_or("");
  if (const auto after = query.number("after", 0, 0, INT64_MAX); after > 0)
    wanted.after = record_id{after};
  if (wanted.text.size() > text_limit_bytes)
    query.refuse("text", "is too long");
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  const auto found = all.registry.search(wanted);
  if (!found)
    return answer_to(found.error());
  std::string body;
  json_writer json{body};
  json.begin_object();
  write_all(json, "records", *found);
  if (found->size() < static_cast<std::size_t>(wanted.limit))
    json.key("next").null();
  else
    json.member("next", found->back().id.value);
  json.end_object();
  return http::json_response(std::move(body));
}

http::response answer_change(const parts& all, const incident::result<change_set>& made,
                             unsigned status) {
  if (!made)
    return answer_to(made.error());
  all.changed();
  std::string body;
  json_writer json{body};
  write(json, *made);
  return http::json_response(std::move(body), status);
}

http::response put(const parts& all, const http::request& r) {
  auto in = json_input::body_of(r);
  const auto what = read_record(in);
  if (auto wrong = in.mistake())
    return std::move(*wrong);
  return answer_change(all, all.registry.put(what, r.who->name, now()), 201);
}

http::response remove(const parts& all, const http::request& r) {
  query_input query{r};
  const record_id id{query.id("id")};
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  return answer_change(all, all.registry.remove(id, r.who->name, now()), 200);
}

void write_place(json_writer& json, const ip_address& address,
                 const std::shared_ptr<const incident::address_book>& book) {
  const auto place = book == nullptr ? incident::address_place{} : book->find(address);
  json.key("place")
      .begin_object()
      .member("ours", place.is_ours)
      .member("owner", place.owner)
      .member("sector", place.sector)
      .member("criticality", place.criticality)
      .member("country", place.country)
      .end_object();
}

http::response look_up(const parts& all, const http::request& r) {
  query_input query{r};
  const auto address_text = query.text("address");
  const auto domain_text = query.text("domain");
  const auto as_number = query.number("as", -1, 0, UINT32_MAX);
  const int given = (address_text ? 1 : 0) + (domain_text ? 1 : 0) + (as_number >= 0 ? 1 : 0);
  const auto address = address_text ? ip_address::parse(*address_text) : std::nullopt;
  const auto domain = domain_text ? canonical_domain(*domain_text) : std::nullopt;
  if (given != 1)
    query.refuse("address", "or \"domain\" or \"as\" has to be given, and one of them alone");
  if (address_text && !address)
    query.refuse("address", "is no IPv4 or IPv6 address");
  if (domain_text && !domain)
    query.refuse("domain", "is no domain name");
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  const auto found = address  ? all.registry.around(*address)
                     : domain ? all.registry.around(*domain)
                              : all.registry.around(static_cast<std::uint32_t>(as_number));
  if (!found)
    return answer_to(found.error());
  std::string body;
  json_writer json{body};
  json.begin_object();
  if (address)
    write_place(json, *address, all.books.current());
  else
    json.key("place").null();
  write_all(json, "records", *found);
  json.end_object();
  return http::json_response(std::move(body));
}

http::response changes(const parts& all, const http::request& r) {
  query_input query{r};
  const change_set_id before{query.number("before", 0, 0, INT64_MAX)};
  const int limit = page_rows(query);
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  const auto found = all.registry.change_sets(before, limit);
  if (!found)
    return answer_to(found.error());
  std::string body;
  json_writer json{body};
  json.begin_object();
  write_all(json, "changes", *found);
  json.end_object();
  return http::json_response(std::move(body));
}

http::response one_change(const parts& all, const http::request& r) {
  query_input query{r};
  const change_set_id id{query.id("id")};
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  const auto known = all.registry.one(id);
  if (!known)
    return answer_to(known.error());
  const auto what = all.registry.content_of(id, static_cast<int>(shown_limit));
  if (!what)
    return answer_to(what.error());
  std::string body;
  json_writer json{body};
  json.begin_object().key("change");
  write(json, *known);
  write_difference(json, *what, shown_limit);
  json.end_object();
  return http::json_response(std::move(body));
}

http::response undo(const parts& all, const http::request& r) {
  query_input query{r};
  const change_set_id id{query.id("id")};
  auto in = json_input::body_of(r);
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  if (auto wrong = in.mistake())
    return std::move(*wrong);
  return answer_change(all, all.registry.undo(id, r.who->name, now()), 200);
}

http::response begin_upload(const parts& all, const http::request& r) {
  auto in = json_input::body_of(r);
  if (auto wrong = in.mistake())
    return std::move(*wrong);
  const auto name = all.uploads.begin(r.who->account, std::chrono::steady_clock::now());
  if (!name)
    return http::problem(503, "too many files are being uploaded; try again in some minutes");
  std::string body;
  json_writer json{body};
  json.begin_object().member("upload", *name).end_object();
  return http::json_response(std::move(body), 201);
}

http::response add_part(const parts& all, const http::request& r) {
  auto in = json_input::body_of(r);
  const auto number = in.number("number", 1, 1'000'000);
  auto text = in.text("text", {.most = part_limit_bytes, .many_lines = true});
  if (auto wrong = in.mistake())
    return std::move(*wrong);
  const std::string name{r.parameter("upload")};
  switch (all.uploads.add(name, r.who->account, *number, std::move(*text),
                          std::chrono::steady_clock::now())) {
  case upload_shelf::added::ok: return http::no_content();
  case upload_shelf::added::unknown: break;
  case upload_shelf::added::out_of_order:
    return http::problem(422, "parts are sent in order, from 1", "number");
  case upload_shelf::added::too_large:
    return http::problem(422, "a file has at most 32 MiB", "text");
  }
  return http::problem(404, "there is no such upload of yours, or it was left for too long");
}

/// The text to import: given, or uploaded before.
std::optional<std::string> text_of(const parts& all, json_input& in, const http::request& r,
                                   std::string& upload) {
  if (in.has("text"))
    return in.text("text", {.most = part_limit_bytes, .many_lines = true});
  upload = in.text("upload", {.most = 64}).value_or("");
  if (upload.empty())
    return std::nullopt;
  auto text = all.uploads.text(upload, r.who->account, std::chrono::steady_clock::now());
  if (!text)
    in.refuse("upload", "names no upload of yours, or one that was left for too long");
  return text;
}

http::response refusal_of(const std::vector<import_mistake>& mistakes) {
  http::response answer;
  answer.status = 422;
  answer.content_type = "application/problem+json";
  json_writer json{answer.body};
  json.begin_object()
      .member("type", "about:blank")
      .member("title", http::status_text(422))
      .member("status", 422)
      .member("detail", "nothing was imported: lines of the file are wrong");
  json.key("mistakes").begin_array();
  for (const auto& one : mistakes)
    json.begin_object().member("line", one.line).member("why", one.why).end_object();
  json.end_array().end_object();
  return answer;
}

http::response answer_import(const imported& read, const import_answer& done) {
  std::string body;
  json_writer json{body};
  json.begin_object().key("change");
  if (done.made)
    write(json, *done.made);
  else
    json.null();
  json.member("records", read.records.size())
      .member("repeated", read.repeated)
      .member("left_out", read.left_out)
      .member("added_count", done.what.added.size())
      .member("changed_count", done.what.changed.size())
      .member("removed_count", done.what.removed.size());
  write_difference(json, done.what, shown_limit);
  json.key("unknown_owners").begin_array();
  for (const auto& owner : done.unknown_owners)
    json.text(owner);
  json.end_array().end_object();
  return http::json_response(std::move(body), done.made ? 201 : 200);
}

http::response import(const parts& all, const http::request& r) {
  auto in = json_input::body_of(r);
  import_options options;
  import_request request;
  request.source = in.text("source", {.most = 64}).value_or("");
  const auto format = in.word("format", import_format_from);
  for (const auto& [name, to] :
       {std::pair{"own_country", &options.own_country}, std::pair{"country", &options.country},
        std::pair{"owner", &options.owner}, std::pair{"note", &request.note}})
    if (in.has(name))
      *to = in.text(name).value_or("");
  if (in.has("dry_run"))
    request.dry_run = in.boolean("dry_run").value_or(false);
  std::string upload;
  const auto text = text_of(all, in, r, upload);
  if (!request.source.empty() && !is_import_source(request.source))
    in.refuse("source", "has 1 to 64 of a-z, 0-9, '.', '-', '_' and is not 'manual'");
  for (const auto& [name, value] :
       {std::pair{"own_country", &options.own_country}, std::pair{"country", &options.country}})
    if (!value->empty() && !is_country(*value))
      in.refuse(name, "has to be two upper-case letters (ISO 3166)");
  if (auto wrong = in.mistake())
    return std::move(*wrong);
  options.format = *format;
  const auto read = read_import(*text, options);
  if (!read)
    return refusal_of(read.error());
  request.format = to_string(*format);
  request.sha256 = signed_::digest::of(*text).hex();
  request.records = read->records;
  request.by = r.who->name;
  request.at = now();
  const auto done = all.registry.import(request);
  if (!done)
    return answer_to(done.error());
  if (done->made) {
    all.uploads.forget(upload);
    all.changed();
  }
  return answer_import(*read, *done);
}

} // namespace

void install(http::router& router, const parts& all) {
  using http::access_level;
  using http::method;
  const auto add = [&](method m, const char* path, access_level needs, auto answer) {
    router.add(m, path, needs, [all, answer](const http::request& r) { return answer(all, r); });
  };
  add(method::get, "/api/v1/segment/records", access_level::reader, search);
  add(method::put, "/api/v1/segment/records", access_level::writer, put);
  add(method::remove, "/api/v1/segment/records/{id}", access_level::writer, remove);
  add(method::get, "/api/v1/segment/lookup", access_level::reader, look_up);
  add(method::get, "/api/v1/segment/changes", access_level::reader, changes);
  add(method::get, "/api/v1/segment/changes/{id}", access_level::reader, one_change);
  add(method::post, "/api/v1/segment/changes/{id}/undo", access_level::lead, undo);
  add(method::post, "/api/v1/segment/uploads", access_level::lead, begin_upload);
  add(method::post, "/api/v1/segment/uploads/{upload}/parts", access_level::lead, add_part);
  add(method::post, "/api/v1/segment/imports", access_level::lead, import);
}

} // namespace cresset::coord::api::segment
