#include "coord/api/indicators/indicators.hpp"

#include "coord/api/json_input.hpp"
#include "coord/api/json_output.hpp"
#include "coord/api/paging.hpp"
#include "coord/api/store_answer.hpp"

namespace cresset::coord::api::indicators {
namespace {

using store_type = indicator::repository;
constexpr text_limits comment_limits{.least = 0, .most = 2000, .many_lines = true};
constexpr text_limits why_limits{.most = 1000};

void write_object(json_writer& json, const indicator::indicator& one) {
  json.begin_object()
      .member("id", one.id.value)
      .member("kind", to_string(one.kind))
      .member("value", one.value)
      .member("source", one.source)
      .member("object_id", one.object_id)
      .member("tlp", to_string(one.label))
      .member("pap", to_string(one.actions))
      .member("confidence", one.confidence)
      .member("comment", one.comment);
  write_time(json, "added", one.added);
  json.member("added_by", one.added_by);
  write_time(json, "expires", one.expires);
  write_time(json, "withdrawn", one.withdrawn.value_or(timestamp{}));
  json.member("withdrawn_by", one.withdrawn_by).member("withdrawn_why", one.withdrawn_why);
  json.member("hits", one.hits);
  write_time(json, "last_hit", one.last_hit.value_or(timestamp{}));
  json.end_object();
}

void write_object(json_writer& json, const indicator::offer& one) {
  json.begin_object().member("number", one.number).member("partner", one.partner);
  write_time(json, "received", one.received);
  json.member("held_because", one.held_because).member("unreadable", one.unreadable);
  json.key("values").begin_array();
  if (one.says)
    for (const auto& [kind, value] : one.says->values)
      json.begin_object().member("kind", to_string(kind)).member("value", value).end_object();
  json.end_array();
  json.member("name", one.says ? one.says->name : std::string{});
  json.member("tlp", to_string(one.says ? one.says->label : incident::tlp::red));
  if (one.says && one.says->confidence)
    json.member("confidence", *one.says->confidence);
  else
    json.key("confidence").null();
  write_time(json, "valid_until",
             one.says && one.says->valid_until ? *one.says->valid_until : timestamp{});
  json.end_object();
}

template <typename Elements>
void write_all(json_writer& json, std::string_view name, const Elements& elements) {
  json.key(name).begin_array();
  for (const auto& element : elements)
    write_object(json, element);
  json.end_array();
}

http::response answer_one(const incident::result<indicator::indicator>& made, unsigned status) {
  if (!made)
    return answer_to(made.error());
  std::string body;
  json_writer json{body};
  write_object(json, *made);
  return http::json_response(std::move(body), status);
}

http::response list(store_type& store, const http::request& r) {
  query_input query{r};
  indicator::list_query wanted;
  wanted.limit = page_rows(query);
  wanted.before = {query.number("before", 0, 0, INT64_MAX)};
  wanted.ended = query.boolean("ended", false);
  wanted.source = query.text("source").value_or("");
  if (const auto word = query.text("kind")) {
    wanted.kind = indicator::kind_from(*word);
    if (!wanted.kind)
      query.refuse("kind", "has to be address, domain, url or hash");
  }
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  const auto found = store.list(wanted);
  if (!found)
    return answer_to(found.error());
  std::string body;
  json_writer json{body};
  json.begin_object();
  write_all(json, "indicators", *found);
  if (found->size() < static_cast<std::size_t>(wanted.limit))
    json.key("next").null();
  else
    json.member("next", found->back().id.value);
  json.end_object();
  return http::json_response(std::move(body));
}

http::response one(store_type& store, const http::request& r) {
  query_input query{r};
  const indicator::indicator_id id{query.id("id")};
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  return answer_one(store.one(id), 200);
}

/// "expires", or "hours" from now.
timestamp end_of(json_input& in, timestamp moment) {
  if (in.has("expires"))
    return in.time("expires").value_or(timestamp{});
  const auto hours = in.number("hours", 1, indicator::lifetime_limit.count()).value_or(1);
  return moment + std::chrono::hours{hours};
}

http::response add(store_type& store, const http::request& r) {
  const auto moment = std::chrono::floor<std::chrono::microseconds>(now());
  auto in = json_input::body_of(r);
  indicator::new_indicator wanted;
  const auto value = in.text("value", {.most = indicator::value_limit_bytes}).value_or("");
  if (in.has("kind")) {
    if (const auto kind = in.word("kind", indicator::kind_from))
      wanted.kind = *kind;
  } else if (const auto guessed = indicator::guess_kind(value)) {
    wanted.kind = *guessed;
  } else {
    in.refuse("value", "is no address, domain, URL or hash");
  }
  const auto form = indicator::normalised(wanted.kind, value);
  if (form)
    wanted.value = *form;
  else
    in.refuse("value", form.error());
  wanted.expires = end_of(in, moment);
  if (in.has("confidence"))
    wanted.confidence = static_cast<int>(in.number("confidence", 0, 100).value_or(0));
  if (in.has("tlp"))
    wanted.label = in.word("tlp", incident::tlp_from).value_or(incident::tlp::red);
  if (in.has("pap"))
    wanted.actions = in.word("pap", incident::pap_from).value_or(incident::pap::red);
  if (in.has("comment"))
    wanted.comment = in.text("comment", comment_limits).value_or("");
  if (auto wrong = in.mistake())
    return std::move(*wrong);
  return answer_one(store.add(wanted, r.who->name, moment), 201);
}

http::response withdraw(store_type& store, const http::request& r) {
  query_input query{r};
  const indicator::indicator_id id{query.id("id")};
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  auto in = json_input::body_of(r);
  const auto why = in.text("reason", why_limits);
  if (auto wrong = in.mistake())
    return std::move(*wrong);
  return answer_one(store.withdraw(id, *why, r.who->name, now()), 200);
}

http::response offers(store_type& store, const http::request& r) {
  query_input query{r};
  const auto after = query.number("after", 0, 0, INT64_MAX);
  const int limit = page_rows(query);
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  const auto found = store.offers(after, limit);
  if (!found)
    return answer_to(found.error());
  std::string body;
  json_writer json{body};
  json.begin_object();
  write_all(json, "offers", *found);
  if (found->size() < static_cast<std::size_t>(limit))
    json.key("next").null();
  else
    json.member("next", found->back().number);
  json.end_object();
  return http::json_response(std::move(body));
}

http::response decide(store_type& store, const http::request& r) {
  const auto moment = std::chrono::floor<std::chrono::microseconds>(now());
  query_input query{r};
  const auto number = query.id("number");
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  auto in = json_input::body_of(r);
  if (!in.boolean("accept").value_or(true)) {
    const auto why = in.text("reason", why_limits);
    if (auto wrong = in.mistake())
      return std::move(*wrong);
    const auto done = store.decline(number, *why, r.who->name, moment);
    return done ? http::no_content() : answer_to(done.error());
  }
  indicator::acceptance wanted;
  wanted.number = number;
  wanted.expires = end_of(in, moment);
  if (in.has("confidence"))
    wanted.confidence = static_cast<int>(in.number("confidence", 0, 100).value_or(0));
  if (in.has("comment"))
    wanted.comment = in.text("comment", comment_limits).value_or("");
  if (auto wrong = in.mistake())
    return std::move(*wrong);
  const auto made = store.accept(wanted, r.who->name, moment);
  if (!made)
    return answer_to(made.error());
  std::string body;
  json_writer json{body};
  json.begin_object();
  write_all(json, "indicators", *made);
  json.end_object();
  return http::json_response(std::move(body), 201);
}

} // namespace

void install(http::router& router, store_type& store) {
  using http::access_level;
  using http::method;
  const auto add_route = [&](method m, const char* path, access_level needs, auto answer) {
    router.add(m, path, needs,
               [&store, answer](const http::request& r) { return answer(store, r); });
  };
  add_route(method::get, "/api/v1/indicators", access_level::reader, list);
  add_route(method::get, "/api/v1/indicators/{id}", access_level::reader, one);
  add_route(method::post, "/api/v1/indicators", access_level::writer, add);
  add_route(method::post, "/api/v1/indicators/{id}/withdrawal", access_level::writer, withdraw);
  add_route(method::get, "/api/v1/indicator-offers", access_level::reader, offers);
  add_route(method::post, "/api/v1/indicator-offers/{number}/decision", access_level::lead, decide);
}

} // namespace cresset::coord::api::indicators
