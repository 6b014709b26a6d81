// The buffers of HTTP/2 under the names of HTTP/1, where they mean the same, and its own.
#include "detect/proto/http2/buffers.hpp"

#include "detect/proto/http2/exchange.hpp"
#include "detect/proto/http2/parser.hpp"

#include <array>
#include <cassert>

namespace cresset::detect::proto::http2 {
namespace {

struct row {
  const char* name;
  direction way;
  buffer_entry entry;
};
constexpr auto ts = direction::to_server;
constexpr auto tc = direction::to_client;
using enum content;

constexpr std::array rows{
    row{"http.uri", ts, {header_value, ":path"}},
    row{"http.uri.raw", ts, {header_value, ":path"}},
    row{"http.method", ts, {header_value, ":method"}},
    row{"http.request_line", ts, {line}},
    row{"http.response_line", tc, {line}},
    row{"http.protocol", ts, {protocol}},
    row{"http.protocol", tc, {protocol}},
    row{"http.stat_code", tc, {header_value, ":status"}},
    row{"http.host", ts, {host}},
    row{"http.host.raw", ts, {header_value, ":authority"}},
    row{"http.header", ts, {header}},
    row{"http.header", tc, {header}},
    row{"http.header.raw", ts, {header}},
    row{"http.header.raw", tc, {header}},
    row{"http.header_names", ts, {header_names}},
    row{"http.header_names", tc, {header_names}},
    row{"http.request_header", ts, {header_lines}},
    row{"http.response_header", tc, {header_lines}},
    row{"http2.header_name", ts, {names}},
    row{"http2.header_name", tc, {names}},
    row{"http.cookie", ts, {cookie}},
    row{"http.cookie", tc, {cookie}},
    row{"http.user_agent", ts, {header_value, "user-agent"}},
    row{"http.referer", ts, {header_value, "referer"}},
    row{"http.accept", ts, {header_value, "accept"}},
    row{"http.accept_enc", ts, {header_value, "accept-encoding"}},
    row{"http.accept_lang", ts, {header_value, "accept-language"}},
    row{"http.connection", ts, {header_value, "connection"}},
    row{"http.connection", tc, {header_value, "connection"}},
    row{"http.content_type", ts, {header_value, "content-type"}},
    row{"http.content_type", tc, {header_value, "content-type"}},
    row{"http.content_len", ts, {header_value, "content-length"}},
    row{"http.content_len", tc, {header_value, "content-length"}},
    row{"http.location", tc, {header_value, "location"}},
    row{"http.server", tc, {header_value, "server"}},
    row{"http.request_body", ts, {body}},
    row{"http.response_body", tc, {body}},
    row{"file.data", ts, {file_data}},
    row{"file.data", tc, {file_data}},
};

constexpr auto descriptions = [] {
  std::array<buffer_description, rows.size()> all{};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto what = rows[i].entry.what;
    const bool gathered = what == body || what == file_data;
    all[i] = {.name = rows[i].name,
              .way = rows[i].way,
              .available_at = static_cast<progress>(gathered ? stream_progress::body
                                                             : stream_progress::headers),
              .several = what == header_lines || what == names || what == file_data,
              .gathered = gathered};
  }
  return all;
}();

constexpr auto final = progress_done;
constexpr auto with_headers = static_cast<progress>(stream_progress::headers);
/// Each number but the last two directions wide, in the order of `number`.
constexpr std::array fields{
    field_description{"http2.frametype", ts, final, true},
    field_description{"http2.frametype", tc, final, true},
    field_description{"http2.errorcode", ts, final, true},
    field_description{"http2.errorcode", tc, final, true},
    field_description{"http2.priority", ts, final, true},
    field_description{"http2.priority", tc, final, true},
    field_description{"http2.window", ts, final, true},
    field_description{"http2.window", tc, final, true},
    field_description{"http2.size_update", ts, final, true},
    field_description{"http2.size_update", tc, final, true},
    field_description{"http2.settings", ts, final, true},
    field_description{"http2.settings", tc, final, true},
    field_description{"urilen", ts, with_headers},
    field_description{"urilen.raw", ts, with_headers},
};

constexpr std::array<std::string_view, 3> frame_types{"hdr", "data", "pdu"};

} // namespace

constinit const protocol_description description{"http2", descriptions, fields, frame_types};

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

number number_of(field_id id) noexcept {
  assert(id < fields.size());
  return static_cast<number>(id / 2);
}

} // namespace cresset::detect::proto::http2
