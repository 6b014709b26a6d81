#pragma once

#include "coord/api/casework/casework.hpp"
#include "coord/api/json_input.hpp"
#include "coord/api/json_output.hpp"
#include "coord/api/paging.hpp"
#include "coord/api/store_answer.hpp"

#include <string>
#include <string_view>

namespace cresset::coord::api::casework {

/// The API's words for the room's values.
void write_object(json_writer& json, const coord::casework::task& one);
void write_object(json_writer& json, const coord::casework::happening& one);
void write_object(json_writer& json, const coord::casework::impact& one);
void write_object(json_writer& json, const coord::casework::attachment& one);
void write_object(json_writer& json, const coord::casework::watcher& one);
void write_object(json_writer& json, const coord::casework::comment& one);
void write_object(json_writer& json, const coord::casework::incident_link& one);
void write_object(json_writer& json, const coord::casework::incident_move& one);

inline timestamp this_moment() {
  return std::chrono::floor<std::chrono::microseconds>(now());
}

template <typename Value>
http::response answer_one(const incident::result<Value>& made, unsigned status) {
  if (!made)
    return answer_to(made.error());
  std::string body;
  json_writer json{body};
  write_object(json, *made);
  return http::json_response(std::move(body), status);
}

template <typename Values>
http::response answer_list(std::string_view name, const incident::result<Values>& found) {
  if (!found)
    return answer_to(found.error());
  std::string body;
  json_writer json{body};
  json.begin_object().key(name).begin_array();
  for (const auto& one : *found)
    write_object(json, one);
  json.end_array().end_object();
  return http::json_response(std::move(body));
}

/// A page with `next`: what `key` says of its last element, null on the last page.
template <typename Values, typename Key>
http::response answer_page(std::string_view name, const incident::result<Values>& found, int limit,
                           Key key) {
  if (!found)
    return answer_to(found.error());
  std::string body;
  json_writer json{body};
  json.begin_object().key(name).begin_array();
  for (const auto& one : *found)
    write_object(json, one);
  json.end_array();
  if (found->size() < static_cast<std::size_t>(limit))
    json.key("next").null();
  else
    json.member("next", key(found->back()));
  json.end_object();
  return http::json_response(std::move(body));
}

/// Routes of the files of this room.
void install_attachments(http::router& router, const parts& all);
void install_moves(http::router& router, const parts& all);

} // namespace cresset::coord::api::casework
