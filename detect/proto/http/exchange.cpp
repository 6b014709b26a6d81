#include "detect/proto/http/exchange.hpp"

#include "detect/proto/http/buffers.hpp"
#include "detect/proto/http/header_value.hpp"

#include <algorithm>
#include <cctype>

namespace cresset::detect::proto::http {
namespace {

constexpr auto to_server = direction::to_server;
constexpr auto to_client = direction::to_client;
constexpr std::size_t packed_begin_limit = 4096;

progress as_progress(request_progress p) noexcept {
  return static_cast<progress>(p);
}
progress as_progress(response_progress p) noexcept {
  return static_cast<progress>(p);
}

bool is_named(std::string_view name, std::string_view lower_case) noexcept {
  return std::equal(name.begin(), name.end(), lower_case.begin(), lower_case.end(),
                    [](unsigned char a, char b) { return std::tolower(a) == b; });
}

/// Calls `see(name, value)` for each header in order.
template <typename See>
void for_each_header(const htp_table_t* table, See see) {
  for (std::size_t i = 0; table != nullptr && i < htp_table_size(table); ++i)
    if (const auto* one = static_cast<const htp_header_t*>(htp_table_get_index(table, i, nullptr)))
      see(text_of(one->name), text_of(one->value));
}

std::optional<std::string_view> present(const bstr* text) noexcept {
  if (text == nullptr)
    return std::nullopt;
  return text_of(text);
}

byte_view bytes_of(const htp_tx_data_t& data) noexcept {
  return std::as_bytes(std::span{data.data, data.data == nullptr ? 0 : data.len});
}

/// Whether a body that ended with its direction had more to come. One without length or chunks ends
/// just so.
bool is_short(htp_transfer_coding_t coding, std::int64_t length, std::int64_t seen) noexcept {
  return coding == HTP_CODING_CHUNKED ||
         (coding == HTP_CODING_IDENTITY && length >= 0 && seen < length);
}

} // namespace

exchange::exchange(std::uint64_t number, htp_tx_t* tx, const settings& limits)
    : transaction{number}, tx_{tx}, limits_{limits}, request_body_{limits.request_body_limit},
      response_body_{limits.response_body_limit, limits.files} {}

const htp_table_t* exchange::headers(direction way) const noexcept {
  return way == to_server ? tx_->request_headers : tx_->response_headers;
}

std::optional<std::string_view> exchange::header(direction way, const char* name) const noexcept {
  const auto* table = headers(way);
  const auto* found =
      table == nullptr ? nullptr : static_cast<const htp_header_t*>(htp_table_get_c(table, name));
  return found == nullptr ? std::nullopt : present(found->value);
}

void exchange::forget_composed(direction way) noexcept {
  for (auto& one : composed_[index(way)])
    one.reset();
  lines_[index(way)].reset();
}

const std::string& exchange::compose(composed what, direction way) const {
  auto& known = composed_[index(way)][static_cast<std::size_t>(what)];
  if (!known)
    known = build(what, way);
  return *known;
}

std::string exchange::build(composed what, direction way) const {
  std::string text;
  const bool is_request = way == to_server;
  switch (what) {
  case composed::header:
    for_each_header(headers(way), [&](std::string_view name, std::string_view value) {
      // Cookies have a buffer of their own.
      if (!is_named(name, is_request ? "cookie" : "set-cookie"))
        ((((text += name) += ": ") += value) += "\r\n");
    });
    break;
  case composed::header_names:
    for_each_header(headers(way),
                    [&](std::string_view name, std::string_view) { (text += "\r\n") += name; });
    if (!text.empty())
      text += "\r\n\r\n";
    break;
  case composed::start:
    (text += text_of(is_request ? tx_->request_line : tx_->response_line)) += "\r\n";
    for_each_header(headers(way), [&](std::string_view name, std::string_view value) {
      ((((text += name) += ": ") += value) += "\r\n");
    });
    text += "\r\n";
    break;
  case composed::count: break;
  }
  return text;
}

const std::vector<std::string>& exchange::lines(direction way) const {
  auto& known = lines_[index(way)];
  if (!known) {
    known.emplace();
    for_each_header(headers(way), [&](std::string_view name, std::string_view value) {
      std::string line{name};
      (line += ": ") += value;
      known->push_back(std::move(line));
    });
  }
  return *known;
}

/// Path, query and fragment, decoded and normalised; nothing for a request without any of them.
const std::optional<std::string>& exchange::normalised_uri() const {
  if (!uri_) {
    std::optional<std::string> uri;
    if (const auto* parts = tx_->parsed_uri;
        parts != nullptr && (parts->path != nullptr || parts->query != nullptr)) {
      uri = std::string{text_of(parts->path)};
      if (parts->query != nullptr)
        (*uri += '?') += text_of(parts->query);
      if (parts->fragment != nullptr)
        (*uri += '#') += text_of(parts->fragment);
    }
    uri_ = std::move(uri);
  }
  return *uri_;
}

std::optional<std::string_view> exchange::host_as_sent() const noexcept {
  if (tx_->parsed_uri != nullptr && tx_->parsed_uri->hostname != nullptr)
    return text_of(tx_->parsed_uri->hostname);
  return header(to_server, "Host");
}

std::optional<std::string_view> exchange::text(std::size_t id, std::size_t instance) const {
  const auto& entry = entry_of(static_cast<buffer_id>(id));
  const auto way = buffer_descriptions()[id].way;
  const bool is_request = way == to_server;
  const auto unless_empty = [](std::string_view text) {
    return text.empty() ? std::nullopt : std::optional{text};
  };
  switch (entry.what) {
  case content::uri:
    return normalised_uri() ? std::optional<std::string_view>{*normalised_uri()} : std::nullopt;
  case content::uri_raw: return present(tx_->request_uri);
  case content::method: return present(tx_->request_method);
  case content::request_line: return present(tx_->request_line);
  case content::response_line: return present(tx_->response_line);
  case content::protocol:
    return present(is_request ? tx_->request_protocol : tx_->response_protocol);
  case content::stat_code: return present(tx_->response_status);
  case content::stat_msg: return present(tx_->response_message);
  case content::host:
    if (tx_->request_hostname == nullptr)
      return std::nullopt;
    if (!host_) {
      host_ = std::string{text_of(tx_->request_hostname)};
      for (auto& letter : *host_)
        letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
    }
    return *host_;
  case content::host_raw: return host_as_sent();
  case content::header: return unless_empty(compose(composed::header, way));
  case content::header_names: return unless_empty(compose(composed::header_names, way));
  case content::start: return unless_empty(compose(composed::start, way));
  case content::header_raw: return unless_empty(raw_heads_[index(way)]);
  case content::header_value: return header(way, entry.header);
  case content::header_lines:
    return instance < lines(way).size() ? std::optional<std::string_view>{lines(way)[instance]}
                                        : std::nullopt;
  case content::body:
  case content::file_data: return std::nullopt;
  }
  return std::nullopt;
}

std::size_t exchange::instances(buffer_id id) const noexcept {
  if (id >= buffer_descriptions().size())
    return 0;
  const auto way = buffer_descriptions()[id].way;
  if (progress_of(way) < buffer_descriptions()[id].available_at)
    return 0;
  switch (entry_of(id).what) {
  case content::header_lines: return lines(way).size();
  case content::body: return way == to_server ? has_request_body_ : has_response_body_;
  case content::file_data: return files(way);
  default: return text(id, 0).has_value();
  }
}

std::optional<byte_view> exchange::buffer(buffer_id id, std::size_t instance) const noexcept {
  if (instance >= instances(id))
    return std::nullopt;
  const auto found = text(id, instance);
  return found ? std::optional{as_bytes(*found)} : std::nullopt;
}

body_view exchange::body(buffer_id id) const noexcept {
  if (id >= buffer_descriptions().size())
    return {};
  const auto way = buffer_descriptions()[id].way;
  switch (entry_of(id).what) {
  case content::body: return (way == to_server ? request_body_ : response_body_).view();
  case content::file_data: return files(way) == 0 ? body_view{} : file(way, 0).content;
  default: return {};
  }
}

std::size_t exchange::field_instances(field_id id) const noexcept {
  return field(id, 0).has_value() ? 1 : 0;
}

std::optional<std::uint64_t> exchange::field(field_id id, std::size_t instance) const noexcept {
  if (instance > 0 || progress_of(to_server) < as_progress(request_progress::line))
    return std::nullopt;
  switch (static_cast<field_index>(id)) {
  case field_index::uri_length:
    return normalised_uri() ? std::optional<std::uint64_t>{normalised_uri()->size()} : std::nullopt;
  case field_index::uri_raw_length:
    return tx_->request_uri != nullptr ? std::optional<std::uint64_t>{bstr_len(tx_->request_uri)}
                                       : std::nullopt;
  }
  return std::nullopt;
}

std::size_t exchange::files(direction way) const noexcept {
  if (way == to_client)
    return (has_response_body_ ? 1U : 0U) + (whole_file_ ? 1U : 0U);
  return request_body_is_file_ ? 1 : parts_.size();
}

file_view exchange::file(direction way, std::size_t i) const noexcept {
  if (i >= files(way))
    return {};
  const auto cut = [&](const gathered_body& body) {
    return body.has_gap() || (is_done(way) && !body.is_complete());
  };
  if (way == to_client && i > 0)
    return {whole_file_->name, whole_file_->content.view()};
  if (way == to_client) {
    file_view shown{response_file_name_, response_body_.view(), cut(response_body_)};
    if (part_ && part_->start >= 0 && part_->end >= 0) {
      shown.start = static_cast<std::uint64_t>(part_->start);
      shown.end = static_cast<std::uint64_t>(part_->end);
    }
    return shown;
  }
  if (request_body_is_file_)
    return {request_file_name_, request_body_.view(), cut(request_body_)};
  return {parts_[i].name, parts_[i].content.view(), parts_[i].is_cut || cut(parts_[i].content)};
}

void exchange::on_request_line() {
  advance(to_server, as_progress(request_progress::line));
}

void exchange::on_request_headers(std::uint16_t server_port) {
  forget_composed(to_server);
  raise_request_flags(server_port);
  advance(to_server, as_progress(request_progress::headers));
}

void exchange::raise_request_flags(std::uint16_t server_port) {
  constexpr std::array<std::pair<std::uint64_t, std::string_view>, 6> by_flag{
      {{HTP_HOST_MISSING, "missing_host_header"},
       {HTP_HOST_AMBIGUOUS, "host_header_ambiguous"},
       {HTP_HOSTU_INVALID, "request_uri_host_invalid"},
       {HTP_HOSTH_INVALID, "request_header_host_invalid"},
       {HTP_REQUEST_INVALID_T_E, "invalid_transfer_encoding_value_in_request"},
       {HTP_REQUEST_INVALID_C_L, "invalid_content_length_field_in_request"}}};
  const bool host_is_empty = header(to_server, "Host").value_or("x").empty(); // said, not invalid
  for (const auto& [flag, event] : by_flag)
    if ((tx_->flags & flag) != 0 && !(flag == HTP_HOSTH_INVALID && host_is_empty))
      raise(event);
  if (tx_->request_auth_type == HTP_AUTH_UNRECOGNIZED) {
    // Newer servers' Bearer (RFC 6750) is as recognised as Basic and Digest are.
    const auto value = header(to_server, "Authorization").value_or("");
    if (!is_named(value.substr(0, 6), "bearer"))
      raise("request_auth_unrecognized");
  }
  // The port behind CONNECT is the far server's, not the proxy's.
  if (tx_->request_method_number != HTP_M_CONNECT && tx_->request_port_number > 0 &&
      server_port != 0 && tx_->request_port_number != server_port)
    raise("request_server_port_tcp_port_mismatch");
}

std::string exchange::name_from_path() const {
  if (tx_->parsed_uri == nullptr)
    return {};
  return std::string{text_of(tx_->parsed_uri->path).substr(0, file_name_limit)};
}

void exchange::begin_request_body() {
  has_request_body_ = true;
  const auto encoding = header(to_server, "Content-Encoding").value_or("");
  const bool is_gzip = is_named(encoding, "gzip") || is_named(encoding, "x-gzip");
  if (is_gzip || is_named(encoding, "deflate"))
    request_inflater_ =
        std::make_unique<inflater>(is_gzip ? inflater::format::gzip : inflater::format::deflate,
                                   limits_.bomb_limit, limits_.bomb_ratio);
  const auto method = text_of(tx_->request_method);
  const auto type = header(to_server, "Content-Type").value_or("");
  if (method == "POST" && media_type_is(type, "multipart/form-data")) {
    const auto boundary = parameter_of(type, "boundary");
    if (boundary && !boundary->empty() && boundary->size() <= multipart_reader::boundary_limit)
      multipart_ = std::make_unique<multipart_reader>(
          *boundary, static_cast<multipart_reader::listener&>(*this));
    else
      raise("multipart_generic_error");
  } else if (method == "POST" || method == "PUT") {
    request_body_is_file_ = true;
    request_body_.follow(limits_.files);
    request_file_name_ = name_from_path();
  }
}

void exchange::on_request_body(const htp_tx_data_t& data) {
  if (data.data == nullptr && data.len == 0)
    return;
  if (!has_request_body_)
    begin_request_body();
  if (data.data == nullptr) {
    request_body_.lose(data.len);
    if (multipart_)
      multipart_->end();
    request_inflater_.reset();
  } else if (request_inflater_) {
    unpack_request(bytes_of(data));
  } else {
    append_request(bytes_of(data));
  }
  advance(to_server, as_progress(request_progress::body));
}

void exchange::append_request(byte_view bytes) {
  request_body_.append(bytes);
  if (multipart_)
    multipart_->bytes(bytes);
}

/// A body that is not packed after all, as some clients send it, is shown as it came.
void exchange::unpack_request(byte_view bytes) {
  if (request_inflater_->output_bytes() == 0 && packed_begin_.size() < packed_begin_limit)
    packed_begin_ += as_text(bytes);
  const auto result =
      request_inflater_->bytes(bytes, [&](byte_view piece) { append_request(piece); });
  if (result == inflater::outcome::bomb)
    raise("compression_bomb");
  if (result != inflater::outcome::damaged)
    return;
  raise("gzip_decompression_failed");
  if (request_inflater_->output_bytes() == 0)
    append_request(as_bytes(packed_begin_));
  if (request_inflater_->output_bytes() == 0)
    request_inflater_.reset(); // the rest is taken as it comes
}

void exchange::on_request_complete(bool by_close) {
  forget_composed(to_server); // a trailer may have added headers
  if (multipart_)
    multipart_->end();
  if (!by_close || !is_short(tx_->request_transfer_coding, tx_->request_content_length,
                             tx_->request_message_len))
    request_body_.complete();
  advance(to_server, progress_done);
}

void exchange::on_response_line() {
  forget_composed(to_client);
  advance(to_client, as_progress(response_progress::line));
}

void exchange::on_response_headers() {
  forget_composed(to_client);
  advance(to_client, as_progress(response_progress::headers));
}

next_protocol exchange::next() const noexcept {
  if (tx_->request_method_number == HTP_M_CONNECT)
    return {.port = static_cast<std::uint16_t>(std::max(tx_->request_port_number, 0))};
  const auto upgrade = header(to_client, "Upgrade").value_or("");
  if (is_named(upgrade, "websocket"))
    return {.expected = app_protocol::websocket, .is_certain = true};
  if (is_named(upgrade, "h2c"))
    return {.expected = app_protocol::http2};
  if (is_named(upgrade.substr(0, 3), "tls"))
    return {.expected = app_protocol::tls};
  return {};
}

upgraded_request exchange::as_upgraded() const {
  upgraded_request request;
  request.headers = {{":method", std::string{text_of(tx_->request_method)}},
                     {":path", std::string{text_of(tx_->request_uri)}}};
  if (const auto host = header(to_server, "Host"))
    request.headers.emplace_back(":authority", *host);
  for_each_header(headers(to_server), [&](std::string_view name, std::string_view value) {
    std::string lower{name};
    for (auto& letter : lower)
      letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
    if (lower == "http2-settings")
      request.settings = value;
    // What speaks of this connection alone is not part of the request (RFC 9113 8.2.2).
    if (lower != "host" && lower != "connection" && lower != "upgrade" && lower != "http2-settings")
      request.headers.emplace_back(std::move(lower), value);
  });
  return request;
}

bool exchange::is_brotli() const noexcept {
  const auto encoding = header(to_client, "Content-Encoding");
  return encoding && is_named(*encoding, "br");
}

std::optional<content_range> exchange::part() const noexcept {
  constexpr int partial_content = 206;
  const auto value = header(to_client, "Content-Range");
  return value && tx_->response_status_number == partial_content &&
                 !header(to_client, "Content-Encoding")
             ? parse_content_range(*value)
             : std::nullopt;
}

void exchange::add_whole_file(std::string name, gathered_body content) {
  whole_file_ = open_file{std::move(name), std::move(content), false};
}

void exchange::begin_response_body() {
  has_response_body_ = true;
  part_ = part();
  if (const auto range = header(to_client, "Content-Range"); range && !parse_content_range(*range))
    raise("range_invalid");
  const auto disposition = header(to_client, "Content-Disposition");
  const auto name = disposition ? parameter_of(*disposition, "filename") : std::nullopt;
  response_file_name_ =
      name && !name->empty() ? std::string{name->substr(0, file_name_limit)} : name_from_path();
  if (is_brotli())
    brotli_ = std::make_unique<brotli_reader>(limits_.bomb_limit, limits_.bomb_ratio);
}

void exchange::on_response_body(const htp_tx_data_t& data) {
  if (data.data == nullptr && data.len == 0)
    return;
  if (!has_response_body_)
    begin_response_body();
  if (data.data == nullptr) {
    response_body_.lose(data.len);
    brotli_.reset();
  } else {
    append_response(bytes_of(data));
  }
  advance(to_client, as_progress(response_progress::body));
}

void exchange::append_response(byte_view bytes) {
  if (!brotli_) {
    response_body_.append(bytes);
    return;
  }
  switch (brotli_->bytes(bytes, [&](byte_view decoded) { response_body_.append(decoded); })) {
  case brotli_reader::outcome::damaged: raise("gzip_decompression_failed"); break;
  case brotli_reader::outcome::bomb: raise("compression_bomb"); break;
  default: break;
  }
}

void exchange::on_response_complete(bool by_close) {
  forget_composed(to_client);
  if (!by_close || !is_short(tx_->response_transfer_coding, tx_->response_content_length,
                             tx_->response_message_len))
    response_body_.complete();
  advance(to_client, progress_done);
}

void exchange::on_raw_head(direction way, byte_view bytes) {
  auto& raw = raw_heads_[index(way)];
  raw += as_text(
      bytes.first(std::min(bytes.size(), raw_head_limit - std::min(raw.size(), raw_head_limit))));
}

void exchange::on_end(direction way) {
  forget_composed(way);
  if (way == to_server && multipart_)
    multipart_->end();
  advance(way, progress_done);
}

void exchange::file_begins(std::string_view name) {
  part_is_open_ = parts_.size() < limits_.file_limit;
  if (!part_is_open_)
    return;
  if (name.size() > file_name_limit)
    raise("file_name_too_long");
  parts_.push_back({std::string{name.substr(0, file_name_limit)},
                    gathered_body{limits_.request_body_limit, limits_.files}});
}

void exchange::file_bytes(byte_view bytes) {
  if (part_is_open_)
    parts_.back().content.append(bytes);
}

void exchange::file_ends(bool is_whole) {
  if (!part_is_open_)
    return;
  part_is_open_ = false;
  parts_.back().is_cut = !is_whole;
  if (is_whole)
    parts_.back().content.complete();
}

} // namespace cresset::detect::proto::http
