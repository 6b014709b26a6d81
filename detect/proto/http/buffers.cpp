// The buffers of HTTP/1 in the words of the rule language, one line each and direction.
#include "detect/proto/http/buffers.hpp"

#include "detect/proto/http/parser.hpp"
#include "detect/proto/stream_parser.hpp"

#include <array>
#include <cassert>

namespace cresset::detect::proto::http {
namespace {

struct row {
  const char* name;
  direction way;
  buffer_entry entry;
};
constexpr auto ts = direction::to_server;
constexpr auto tc = direction::to_client;

constexpr std::array rows{
    row{"http.uri", ts, {content::uri}},
    row{"http.uri.raw", ts, {content::uri_raw}},
    row{"http.method", ts, {content::method}},
    row{"http.request_line", ts, {content::request_line}},
    row{"http.response_line", tc, {content::response_line}},
    row{"http.protocol", ts, {content::protocol}},
    row{"http.protocol", tc, {content::protocol}},
    row{"http.stat_code", tc, {content::stat_code}},
    row{"http.stat_msg", tc, {content::stat_msg}},
    row{"http.host", ts, {content::host}},
    row{"http.host.raw", ts, {content::host_raw}},
    row{"http.header", ts, {content::header}},
    row{"http.header", tc, {content::header}},
    row{"http.header.raw", ts, {content::header_raw}},
    row{"http.header.raw", tc, {content::header_raw}},
    row{"http.header_names", ts, {content::header_names}},
    row{"http.header_names", tc, {content::header_names}},
    row{"http.request_header", ts, {content::header_lines}},
    row{"http.response_header", tc, {content::header_lines}},
    row{"http.start", ts, {content::start}},
    row{"http.start", tc, {content::start}},
    row{"http.cookie", ts, {content::header_value, "Cookie"}},
    row{"http.cookie", tc, {content::header_value, "Set-Cookie"}},
    row{"http.user_agent", ts, {content::header_value, "User-Agent"}},
    row{"http.referer", ts, {content::header_value, "Referer"}},
    row{"http.accept", ts, {content::header_value, "Accept"}},
    row{"http.accept_enc", ts, {content::header_value, "Accept-Encoding"}},
    row{"http.accept_lang", ts, {content::header_value, "Accept-Language"}},
    row{"http.connection", ts, {content::header_value, "Connection"}},
    row{"http.connection", tc, {content::header_value, "Connection"}},
    row{"http.content_type", ts, {content::header_value, "Content-Type"}},
    row{"http.content_type", tc, {content::header_value, "Content-Type"}},
    row{"http.content_len", ts, {content::header_value, "Content-Length"}},
    row{"http.content_len", tc, {content::header_value, "Content-Length"}},
    row{"http.location", tc, {content::header_value, "Location"}},
    row{"http.server", tc, {content::header_value, "Server"}},
    row{"http.request_body", ts, {content::body}},
    row{"http.response_body", tc, {content::body}},
    row{"file.data", ts, {content::file_data}},
    row{"file.data", tc, {content::file_data}},
};

constexpr progress available_at(const row& one) noexcept {
  switch (one.entry.what) {
  case content::uri:
  case content::uri_raw:
  case content::method:
  case content::request_line:
  case content::response_line:
  case content::protocol:
  case content::stat_code:
  case content::stat_msg: return static_cast<progress>(request_progress::line);
  case content::body:
  case content::file_data: return static_cast<progress>(request_progress::body);
  default: return static_cast<progress>(request_progress::headers);
  }
}
static_assert(static_cast<progress>(request_progress::line) ==
                  static_cast<progress>(response_progress::line) &&
              static_cast<progress>(request_progress::headers) ==
                  static_cast<progress>(response_progress::headers) &&
              static_cast<progress>(request_progress::body) ==
                  static_cast<progress>(response_progress::body));

constexpr auto descriptions = [] {
  std::array<buffer_description, rows.size()> all{};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto what = rows[i].entry.what;
    all[i] = {.name = rows[i].name,
              .way = rows[i].way,
              .available_at = available_at(rows[i]),
              .several = what == content::header_lines || what == content::file_data,
              .gathered = what == content::body || what == content::file_data};
  }
  return all;
}();

constexpr std::array fields{
    field_description{"urilen", ts, static_cast<progress>(request_progress::line)},
    field_description{"urilen.raw", ts, static_cast<progress>(request_progress::line)},
};

constexpr std::array<std::string_view, 2> frame_types{"request", "response"};

} // namespace

constinit const protocol_description description{"http", descriptions, fields, frame_types};

std::span<const buffer_description> buffer_descriptions() noexcept {
  return descriptions;
}
std::span<const field_description> field_descriptions() noexcept {
  return fields;
}

const buffer_entry& entry_of(buffer_id id) noexcept {
  assert(id < rows.size());
  return rows[id].entry;
}

} // namespace cresset::detect::proto::http
