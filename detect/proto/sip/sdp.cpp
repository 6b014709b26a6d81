// Lines of one letter, an equals sign and a value. What stands behind an `m=` describes that
// medium, up to the next.
#include "detect/proto/sip/sdp.hpp"

namespace cresset::detect::proto::sip {
namespace {

using text = std::string_view;

/// The first of its kind counts: the others are not allowed (RFC 8866 section 5).
void set_once(std::optional<text>& to, text value) {
  if (!to)
    to = value;
}

void write_list(json_writer& json, text name, const std::vector<text>& values) {
  if (values.empty())
    return;
  json.key(name).begin_array();
  for (const auto value : values)
    json.text(value);
  json.end_array();
}

void write_text(json_writer& json, text name, const std::optional<text>& value) {
  if (value)
    json.member(name, *value);
}

} // namespace

std::optional<session_description> session_description::read(text body) {
  if (!body.starts_with("v="))
    return std::nullopt;
  session_description made;
  std::size_t lines = 0;
  while (!body.empty()) {
    const auto end = body.find('\n');
    auto line = body.substr(0, end);
    body = end == text::npos ? text{} : body.substr(end + 1);
    if (line.ends_with('\r'))
      line.remove_suffix(1);
    if (line.empty())
      continue;
    if (line.size() < 2 || line[1] != '=') {
      made.has_bad_lines = true;
      continue;
    }
    if (++lines > limit_lines) {
      ++made.refused;
      continue;
    }
    made.take(line[0], line.substr(2));
  }
  return made;
}

void session_description::take(char kind, text value) {
  if (kind == 'm') {
    media.push_back({.media = value,
                     .info = {},
                     .connection_data = {},
                     .encryption_key = {},
                     .bandwidths = {},
                     .attributes = {}});
    return;
  }
  if (!media.empty()) {
    take_in_media(kind, value);
    return;
  }
  switch (kind) {
  case 'v': break;
  case 'o': set_once(origin, value); break;
  case 's': set_once(name, value); break;
  case 'i': set_once(info, value); break;
  case 'u': set_once(uri, value); break;
  case 'e': set_once(email, value); break;
  case 'p': set_once(phone_number, value); break;
  case 'c': set_once(connection_data, value); break;
  case 'b': bandwidths.push_back(value); break;
  case 't': times.push_back({value, {}}); break;
  case 'r':
    if (times.empty())
      has_bad_lines = true;
    else
      times.back().repeats.push_back(value);
    break;
  case 'z': set_once(timezone, value); break;
  case 'k': set_once(encryption_key, value); break;
  case 'a': attributes.push_back(value); break;
  default: has_bad_lines = true;
  }
}

void session_description::take_in_media(char kind, text value) {
  auto& medium = media.back();
  switch (kind) {
  case 'i': set_once(medium.info, value); break;
  case 'c': set_once(medium.connection_data, value); break;
  case 'b': medium.bandwidths.push_back(value); break;
  case 'k': set_once(medium.encryption_key, value); break;
  case 'a': medium.attributes.push_back(value); break;
  default: has_bad_lines = true;
  }
}

void session_description::write_members(json_writer& json) const {
  write_text(json, "origin", origin);
  write_text(json, "session_name", name);
  write_text(json, "session_info", info);
  write_text(json, "uri", uri);
  write_text(json, "email", email);
  write_text(json, "phone_number", phone_number);
  write_text(json, "connection_data", connection_data);
  write_list(json, "bandwidths", bandwidths);
  if (!times.empty()) {
    json.key("time_descriptions").begin_array();
    for (const auto& one : times) {
      json.begin_object().member("time", one.time);
      write_list(json, "repeat_times", one.repeats);
      json.end_object();
    }
    json.end_array();
  }
  write_text(json, "timezone", timezone);
  write_text(json, "encryption_key", encryption_key);
  write_list(json, "attributes", attributes);
  if (media.empty())
    return;
  json.key("media_descriptions").begin_array();
  for (const auto& one : media) {
    json.begin_object().member("media", one.media);
    write_text(json, "media_info", one.info);
    write_list(json, "bandwidths", one.bandwidths);
    write_text(json, "connection_data", one.connection_data);
    write_text(json, "encryption_key", one.encryption_key);
    write_list(json, "attributes", one.attributes);
    json.end_object();
  }
  json.end_array();
}

} // namespace cresset::detect::proto::sip
