// The object "http" of the event log, as HTTP/2 fills it.
#include "detect/proto/http2/exchange.hpp"

#include <array>
#include <charconv>

namespace cresset::detect::proto::http2 {
namespace {

constexpr auto to_server = direction::to_server;
constexpr auto to_client = direction::to_client;

constexpr std::array<std::string_view, 14> error_names{"NO_ERROR",
                                                       "PROTOCOL_ERROR",
                                                       "INTERNAL_ERROR",
                                                       "FLOW_CONTROL_ERROR",
                                                       "SETTINGS_TIMEOUT",
                                                       "STREAM_CLOSED",
                                                       "FRAME_SIZE_ERROR",
                                                       "REFUSED_STREAM",
                                                       "CANCEL",
                                                       "COMPRESSION_ERROR",
                                                       "CONNECT_ERROR",
                                                       "ENHANCE_YOUR_CALM",
                                                       "INADEQUATE_SECURITY",
                                                       "HTTP_1_1_REQUIRED"};
constexpr std::array<std::string_view, 7> setting_names{"",
                                                        "SETTINGSHEADERTABLESIZE",
                                                        "SETTINGSENABLEPUSH",
                                                        "SETTINGSMAXCONCURRENTSTREAMS",
                                                        "SETTINGSINITIALWINDOWSIZE",
                                                        "SETTINGSMAXFRAMESIZE",
                                                        "SETTINGSMAXHEADERLISTSIZE"};

template <typename Names>
std::string name_or_number(const Names& names, std::uint32_t id) {
  if (id < names.size() && !names[id].empty())
    return std::string{names[id]};
  return std::to_string(id);
}

std::optional<std::uint64_t> number_of(std::optional<std::string_view> text) noexcept {
  std::uint64_t value = 0;
  if (!text || std::from_chars(text->data(), text->data() + text->size(), value).ec != std::errc{})
    return std::nullopt;
  return value;
}

} // namespace

bool exchange::is_logged() const noexcept {
  for (std::size_t way = 0; way < 2; ++way)
    if (!headers_[way].empty() || !settings_[way].empty() || !errors_[way].empty() ||
        !priorities_[way].empty())
      return true;
  return false;
}

void exchange::write_headers(json_writer& json, direction way, std::string_view key) const {
  if (headers_[index(way)].empty() && size_updates_[index(way)].empty())
    return;
  json.key(key).begin_array();
  for (const auto size : size_updates_[index(way)])
    json.begin_object().member("table_size_update", size).end_object();
  for (const auto& [name, value] : headers_[index(way)])
    json.begin_object().member("name", name).member("value", value).end_object();
  json.end_array();
}

void exchange::write_frames(json_writer& json, direction way) const {
  const auto at = index(way);
  json.key(way == to_server ? "request" : "response").begin_object();
  if (!settings_[at].empty()) {
    json.key("settings").begin_array();
    for (const auto& one : settings_[at])
      json.begin_object()
          .member("settings_id", name_or_number(setting_names, one.id))
          .member("settings_value", one.value)
          .end_object();
    json.end_array();
  }
  if (!errors_[at].empty())
    json.member("error_code", name_or_number(error_names, errors_[at].back()));
  if (!priorities_[at].empty())
    json.member("priority", std::uint32_t{priorities_[at].front()});
  json.end_object();
}

void exchange::write_members(json_writer& json) const {
  const auto member = [&](const char* name, std::optional<std::string_view> value) {
    if (value)
      json.member(name, *value);
  };
  json.member("version", "2");
  write_headers(json, to_server, "request_headers");
  write_headers(json, to_client, "response_headers");
  const auto authority = header(to_server, ":authority");
  member("hostname", authority ? authority : header(to_server, "host"));
  member("http_method", header(to_server, ":method"));
  member("url", header(to_server, ":path"));
  member("http_user_agent", header(to_server, "user-agent"));
  member("http_refer", header(to_server, "referer"));
  if (const auto type = header(to_client, "content-type"))
    json.member("http_content_type", type->substr(0, type->find(';')));
  if (const auto raw = header(to_client, "content-range")) {
    json.key("content_range").begin_object().member("raw", *raw);
    if (const auto range = http::parse_content_range(*raw)) {
      if (range->start >= 0)
        json.member("start", range->start);
      if (range->end >= 0)
        json.member("end", range->end);
      if (range->size >= 0)
        json.member("size", range->size);
    }
    json.end_object();
  }
  if (const auto status = number_of(header(to_client, ":status"))) {
    json.member("status", *status);
    if (*status > 300 && *status < 303)
      member("redirect", header(to_client, "location"));
  }
  if (const auto length = number_of(header(to_client, "content-length")))
    json.member("length", *length);
  else if (const auto sent = number_of(header(to_server, "content-length")))
    json.member("length", *sent);
  json.key("http2").begin_object().member("stream_id", stream_);
  write_frames(json, to_server);
  write_frames(json, to_client);
  json.end_object();
}

} // namespace cresset::detect::proto::http2
