#pragma once

#include "capture/base/json_writer.hpp"
#include "coord/incident/repository.hpp"

namespace cresset::coord::api {

/// The API's words for the domain's values: each appends one JSON object as `openapi.json`
/// describes it.
void write(json_writer& json, const incident::alert_group& group);
void write(json_writer& json, const incident::stored_alert& alert);
void write(json_writer& json, const incident::evidence& evidence);
void write(json_writer& json, const incident::decision& decision);
/// `why` is said in that language, as far as codes are kept for it.
void write(json_writer& json, const incident::incident& incident,
           incident::language in = incident::language::en);
void write(json_writer& json, const incident::incident_event& event);

/// `"name":[…]` with one object an element.
template <typename Elements, typename... More>
void write_list(json_writer& json, std::string_view name, const Elements& elements, More... more) {
  json.key(name).begin_array();
  for (const auto& element : elements)
    write(json, element, more...);
  json.end_array();
}

/// The text of one value alone.
template <typename Value, typename... More>
std::string to_json(const Value& value, More... more) {
  std::string text;
  json_writer json{text};
  write(json, value, more...);
  return text;
}

/// "2026-11-21T22:07:38.123Z", or null for a moment that never was (the epoch).
void write_time(json_writer& json, std::string_view name, timestamp at);

} // namespace cresset::coord::api
