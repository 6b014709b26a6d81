#include "detect/proto/http2/exchange.hpp"

#include "detect/proto/http2/buffers.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

namespace cresset::detect::proto::http2 {
namespace {

constexpr auto to_server = direction::to_server;
constexpr auto to_client = direction::to_client;

progress as_progress(stream_progress p) noexcept {
  return static_cast<progress>(p);
}

/// "user@HOST:port" as the buffer shows it: the host in lower case.
std::string host_of(std::string_view authority) {
  if (const auto at = authority.rfind('@'); at != std::string_view::npos)
    authority.remove_prefix(at + 1);
  const auto bracket = authority.starts_with('[') ? authority.find(']') : 0;
  if (bracket != std::string_view::npos)
    authority = authority.substr(0, authority.find(':', bracket));
  std::string host{authority};
  for (auto& letter : host)
    letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  return host;
}

} // namespace

exchange::exchange(std::uint64_t number, std::uint32_t stream, const settings& limits)
    : transaction{number}, stream_{stream}, limits_{limits},
      bodies_{gathered_body{limits.request_body_limit}, gathered_body{limits.response_body_limit}} {
}

std::optional<std::string_view> exchange::header(direction way,
                                                 std::string_view name) const noexcept {
  for (const auto& one : headers_[index(way)])
    if (one.name == name)
      return one.value;
  return std::nullopt;
}

void exchange::on_frame(direction way, std::uint8_t type) {
  add(frames_, way, type);
  advance(way, as_progress(stream_progress::open));
}

void exchange::on_setting(direction way, setting one) {
  add(settings_, way, one);
}

void exchange::on_headers(direction way, hpack_decoder::block block) {
  for (const auto size : block.size_updates)
    add(size_updates_, way, size);
  auto& mine = headers_[index(way)];
  // An interim answer (RFC 9110 15.2) is followed by the final one, which takes its place.
  const auto is_interim = [&] {
    const auto status = header(to_client, ":status").value_or("");
    return way == to_client && status.size() == 3 && status.starts_with('1');
  };
  if (is_interim())
    mine.clear();
  for (auto& one : block.fields)
    if (mine.size() < fields_limit)
      mine.push_back(std::move(one));
  composed_[index(way)] = {};
  lines_[index(way)].reset();
  if (way == to_server)
    check_request();
  if (is_interim())
    return;
  advance(way, as_progress(stream_progress::headers));
}

/// What a request says twice must agree, and names no user (RFC 9113 8.3.1).
void exchange::check_request() {
  const auto authority = header(to_server, ":authority");
  if (!authority)
    return;
  if (authority->find('@') != std::string_view::npos)
    raise("userinfo_in_uri");
  if (const auto host = header(to_server, "host"); host && host_of(*host) != host_of(*authority))
    raise("authority_host_mismatch");
}

void exchange::open_body(direction way) {
  has_body_[index(way)] = true;
  if (const auto range = header(way, "content-range");
      way == to_client && range && !http::parse_content_range(*range))
    raise("invalid_range");
  const auto encoding = header(way, "content-encoding").value_or("");
  using format = inflater::format;
  if (encoding == "gzip" || encoding == "x-gzip")
    inflaters_[index(way)] =
        std::make_unique<inflater>(format::gzip, limits_.bomb_limit, limits_.bomb_ratio);
  else if (encoding == "deflate")
    inflaters_[index(way)] =
        std::make_unique<inflater>(format::deflate, limits_.bomb_limit, limits_.bomb_ratio);
  else if (encoding == "br")
    brotli_[index(way)] =
        std::make_unique<http::brotli_reader>(limits_.bomb_limit, limits_.bomb_ratio);
}

void exchange::on_bytes(direction way, byte_view bytes) {
  if (bytes.empty())
    return;
  if (!has_body_[index(way)])
    open_body(way);
  auto& body = bodies_[index(way)];
  const auto take = [&](byte_view decoded) { body.append(decoded); };
  if (auto* packed = inflaters_[index(way)].get()) {
    // What was not packed at all is shown as it is.
    const auto result = packed->bytes(bytes, take);
    if (result == inflater::outcome::damaged || result == inflater::outcome::bomb)
      raise("failed_decompression");
    if (result == inflater::outcome::damaged && packed->output_bytes() == 0) {
      inflaters_[index(way)].reset();
      body.append(bytes);
    }
  } else if (auto* brotli = brotli_[index(way)].get()) {
    const auto result = brotli->bytes(bytes, take);
    if (result == http::brotli_reader::outcome::damaged ||
        result == http::brotli_reader::outcome::bomb)
      raise("failed_decompression");
  } else {
    body.append(bytes);
  }
  advance(way, as_progress(stream_progress::body));
}

void exchange::on_end_stream(direction way) {
  if (std::exchange(ended_[index(way)], true))
    return;
  advance(way, as_progress(stream_progress::headers));
  bodies_[index(way)].complete();
  advance(way, as_progress(stream_progress::body));
  if (ended_[0] && ended_[1])
    close(true);
}

void exchange::close(bool is_whole) {
  if (is_whole)
    ended_ = {true, true};
  advance(to_server, progress_done);
  advance(to_client, progress_done);
}

std::optional<http::content_range> exchange::part() const noexcept {
  const auto range = header(to_client, "content-range");
  return range && header(to_client, ":status") == "206" && !header(to_client, "content-encoding")
             ? http::parse_content_range(*range)
             : std::nullopt;
}

void exchange::add_whole_file(std::string name, gathered_body content) {
  whole_file_.emplace(std::move(name), std::move(content));
}

/// The path of the request, without its query.
std::string exchange::file_name() const {
  const auto path = header(to_server, ":path").value_or("");
  return std::string{path.substr(0, std::min(path.find('?'), file_name_limit))};
}

std::size_t exchange::files(direction way) const noexcept {
  return (has_body_[index(way)] ? 1U : 0U) + (way == to_client && whole_file_ ? 1U : 0U);
}

file_view exchange::file(direction way, std::size_t i) const noexcept {
  if (i >= files(way))
    return {};
  if (i > 0)
    return {whole_file_->first, whole_file_->second.view()};
  const auto path = header(to_server, ":path").value_or("");
  const auto& body = bodies_[index(way)];
  file_view shown{path.substr(0, std::min(path.find('?'), file_name_limit)), body.view(),
                  body.has_gap() || (is_done(way) && !body.is_complete())};
  if (const auto range = way == to_client ? part() : std::nullopt;
      range && range->start >= 0 && range->end >= 0) {
    shown.start = static_cast<std::uint64_t>(range->start);
    shown.end = static_cast<std::uint64_t>(range->end);
  }
  return shown;
}

std::optional<std::string_view> exchange::compose(composed what, direction way) const {
  auto& known = composed_[index(way)][static_cast<std::size_t>(what)];
  if (!known)
    known = build(what, way);
  return known->empty() ? std::nullopt : std::optional<std::string_view>{*known};
}

std::string exchange::build(composed what, direction way) const {
  std::string text;
  switch (what) {
  case composed::header:
    for (const auto& [name, value] : headers_[index(way)])
      (((text += name) += ": ") += value) += "\r\n";
    break;
  case composed::header_names:
    for (const auto& one : headers_[index(way)])
      (text += "\r\n") += one.name;
    if (!text.empty())
      text += "\r\n\r\n";
    break;
  case composed::line:
    if (way == to_client)
      return header(way, ":status") ? "HTTP/2 " + std::string{*header(way, ":status")} : "";
    if (const auto method = header(way, ":method"))
      ((((text += *method) += ' ') += header(way, ":path").value_or("")) += " HTTP/2");
    break;
  case composed::cookie:
    // A sender may cut the cookies in pieces (RFC 9113 8.2.3).
    for (const auto& [name, value] : headers_[index(way)])
      if (name == (way == to_server ? "cookie" : "set-cookie"))
        (text += text.empty() ? "" : way == to_server ? "; " : ", ") += value;
    break;
  case composed::host:
    if (const auto authority = header(way, ":authority"))
      text = host_of(*authority);
    else if (const auto host = header(way, "host"))
      text = host_of(*host);
    break;
  case composed::count: break;
  }
  return text;
}

const std::vector<std::string>& exchange::lines(direction way) const {
  auto& known = lines_[index(way)];
  if (!known) {
    known.emplace();
    for (const auto& [name, value] : headers_[index(way)])
      known->push_back(name + ": " + value);
  }
  return *known;
}

std::optional<std::string_view> exchange::text(std::size_t id, std::size_t instance) const {
  const auto& entry = entry_of(static_cast<buffer_id>(id));
  const auto way = buffer_descriptions()[id].way;
  switch (entry.what) {
  case content::header_value: {
    const auto value = header(way, entry.header);
    return value || std::string_view{entry.header} != ":authority" ? value : header(way, "host");
  }
  case content::host: return compose(composed::host, way);
  case content::cookie: return compose(composed::cookie, way);
  case content::header: return compose(composed::header, way);
  case content::header_names: return compose(composed::header_names, way);
  case content::line: return compose(composed::line, way);
  case content::protocol: return std::string_view{"HTTP/2"};
  case content::header_lines: return lines(way)[instance];
  case content::names: return headers_[index(way)][instance].name;
  case content::body:
  case content::file_data: break;
  }
  return std::nullopt;
}

std::size_t exchange::instances(buffer_id id) const noexcept {
  if (id >= buffer_descriptions().size())
    return 0;
  const auto way = buffer_descriptions()[id].way;
  if (headers_[index(way)].empty() && !has_body_[index(way)])
    return 0;
  switch (entry_of(id).what) {
  case content::header_lines:
  case content::names: return headers_[index(way)].size();
  case content::body:
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
  if (id >= buffer_descriptions().size() || !buffer_descriptions()[id].gathered)
    return {};
  const auto way = buffer_descriptions()[id].way;
  return has_body_[index(way)] ? bodies_[index(way)].view() : body_view{};
}

std::vector<std::uint64_t> exchange::numbers_of(field_id id) const {
  const auto at = index(field_descriptions()[id].way);
  const auto all = [](const auto& numbers) {
    return std::vector<std::uint64_t>{numbers.begin(), numbers.end()};
  };
  switch (number_of(id)) {
  case number::frametype: return all(frames_[at]);
  case number::errorcode: return all(errors_[at]);
  case number::priority: return all(priorities_[at]);
  case number::window: return all(windows_[at]);
  case number::size_update: return all(size_updates_[at]);
  case number::settings: {
    std::vector<std::uint64_t> keyed;
    for (const auto& one : settings_[at])
      keyed.push_back(std::uint64_t{one.id} << 32U | one.value);
    return keyed;
  }
  case number::uri_length:
    if (const auto path = header(to_server, ":path"))
      return {path->size()};
    return {};
  }
  return {};
}

std::size_t exchange::field_instances(field_id id) const noexcept {
  return id < field_descriptions().size() ? numbers_of(id).size() : 0;
}

std::optional<std::uint64_t> exchange::field(field_id id, std::size_t instance) const noexcept {
  if (id >= field_descriptions().size())
    return std::nullopt;
  const auto all = numbers_of(id);
  return instance < all.size() ? std::optional{all[instance]} : std::nullopt;
}

} // namespace cresset::detect::proto::http2
