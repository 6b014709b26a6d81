// A first line, headers, an empty line, a body (RFC 3261 section 7). Folded headers are unfolded in
// the copy by writing blanks over the line break, so that every text is one run of it.
#include "detect/proto/sip/message.hpp"

#include <algorithm>
#include <charconv>

namespace cresset::detect::proto::sip {
namespace {

using text = std::string_view;

char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}
bool same(text a, text b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == y; });
}
text trimmed(text value) noexcept {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  while (!value.empty() && blank(value.front()))
    value.remove_prefix(1);
  while (!value.empty() && blank(value.back()))
    value.remove_suffix(1);
  return value;
}
text next_line(text& rest) noexcept {
  const auto end = rest.find('\n');
  auto line = rest.substr(0, end);
  rest = end == text::npos ? text{} : rest.substr(end + 1);
  if (line.ends_with('\r'))
    line.remove_suffix(1);
  return line;
}
/// token of RFC 3261 25.1
bool is_token(text word) noexcept {
  return !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
    return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') ||
           text{"-.!%*_+`'~"}.find(c) != text::npos;
  });
}

/// The headers that rules can name, with their short forms (RFC 3261 7.3.3), in the order of
/// `part`.
struct known_header {
  text name, brief;
};
constexpr known_header known[]{{"from", "f"},      {"to", "t"},           {"via", "v"},
                               {"user-agent", ""}, {"content-type", "c"}, {"content-length", "l"}};
constexpr std::size_t content_type_at = 4;

std::optional<std::size_t> number_in(text value) noexcept {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (value.empty() || error != std::errc{} || end != value.data() + value.size())
    return std::nullopt;
  return number;
}

} // namespace

std::optional<std::size_t> content_length_in(text head) noexcept {
  next_line(head);
  while (!head.empty()) {
    const auto line = next_line(head);
    const auto colon = line.find(':');
    if (colon == text::npos)
      continue;
    const auto name = trimmed(line.substr(0, colon));
    if (same(name, "content-length") || same(name, "l"))
      return number_in(trimmed(line.substr(colon + 1)));
  }
  return 0;
}

bool message::read(text bytes) {
  if (bytes.size() > limits::message_bytes) {
    raise("incomplete_data");
    bytes = bytes.substr(0, limits::message_bytes);
  }
  text_ = bytes;
  text rest = text_;
  if (!read_first_line(next_line(rest))) {
    raise("invalid_data");
    complete(false);
    return false;
  }
  auto end = rest.find("\r\n\r\n");
  std::size_t mark = 4;
  if (const auto bare = rest.find("\n\n"); bare < end) {
    end = bare;
    mark = 2;
  }
  if (rest.starts_with("\r\n")) { // no header at all
    read_body(rest.substr(2));
  } else if (end == text::npos) {
    raise("incomplete_data");
    read_headers(rest);
  } else {
    read_headers(rest.substr(0, end));
    read_body(rest.substr(end + mark));
  }
  complete(true);
  return true;
}

bool message::read_first_line(text line) {
  first_line_ = line;
  if (line.starts_with("SIP/")) {
    const auto space = line.find(' ');
    if (space == text::npos)
      return false;
    version_ = line.substr(0, space);
    const auto rest = line.substr(space + 1);
    code_ = rest.substr(0, rest.find(' '));
    if (code_.size() != 3 || !number_in(code_))
      return false;
    reason_ = rest.size() > 4 ? rest.substr(4) : text{};
    return true;
  }
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == text::npos || last == first)
    return false;
  const auto method = line.substr(0, first);
  version_ = line.substr(last + 1);
  if (!is_token(method) || !version_.starts_with("SIP/"))
    return false;
  method_ = method;
  uri_ = trimmed(line.substr(first + 1, last - first - 1));
  return true;
}

void message::read_headers(text head) {
  // unfold: a line that begins with a blank goes on with the one before it
  const auto begin = static_cast<std::size_t>(head.data() - text_.data());
  for (auto at = begin; at + 1 < begin + head.size(); ++at)
    if (text_[at] == '\n' && (text_[at + 1] == ' ' || text_[at + 1] == '\t')) {
      text_[at] = ' ';
      if (at > begin && text_[at - 1] == '\r')
        text_[at - 1] = ' ';
    }
  while (!head.empty()) {
    const auto line = next_line(head);
    if (line.empty())
      continue;
    const auto colon = line.find(':');
    if (colon == text::npos || ++header_count_ > limits::headers) {
      raise("invalid_data");
      continue;
    }
    take_header(trimmed(line.substr(0, colon)), trimmed(line.substr(colon + 1)));
  }
}

void message::take_header(text name, text value) {
  for (std::size_t i = 0; i < std::size(known); ++i)
    if (same(name, known[i].name) || (!known[i].brief.empty() && same(name, known[i].brief)))
      headers_[i].push_back(value);
}

void message::read_body(text body) {
  const auto& lengths = headers_[5];
  if (!lengths.empty()) {
    const auto length = number_in(lengths.front());
    if (!length)
      raise("invalid_data");
    else if (*length > body.size())
      raise("incomplete_data");
    else
      body = body.substr(0, *length);
  }
  const auto& types = headers_[content_type_at];
  if (types.empty() ||
      !same(trimmed(types.front().substr(0, types.front().find(';'))), "application/sdp"))
    return;
  description_ = session_description::read(body);
  if ((!description_ && !body.empty()) || (description_ && description_->has_bad_lines))
    raise("invalid_data");
}

std::size_t message::find(part wanted, const std::size_t* instance, text& found) const {
  const auto single = [&](text value, bool there) -> std::size_t {
    found = value;
    return there ? 1 : 0;
  };
  const bool request = is_request();
  switch (wanted) {
  case part::method: return single(method_, request);
  case part::uri: return single(uri_, request);
  case part::request_line: return single(first_line_, request);
  case part::stat_code: return single(code_, !code_.empty());
  case part::stat_msg: return single(reason_, !code_.empty());
  case part::response_line: return single(first_line_, !code_.empty());
  case part::protocol: return single(version_, !version_.empty());
  default: break;
  }
  if (wanted >= part::sdp_origin)
    return description_ ? find_description(wanted, instance, found) : 0;
  const auto& values =
      headers_[static_cast<std::size_t>(wanted) - static_cast<std::size_t>(part::from)];
  if (instance != nullptr && *instance < values.size())
    found = values[*instance];
  return values.size();
}

namespace {

/// Counts what it is shown and keeps the one that is asked for.
struct picker {
  const std::size_t* wanted;
  text& found;
  std::size_t count = 0;
  void take(text value) {
    if (wanted != nullptr && *wanted == count)
      found = value;
    ++count;
  }
  void take(const std::optional<text>& value) {
    if (value)
      take(*value);
  }
  void take(const std::vector<text>& values) {
    for (const auto value : values)
      take(value);
  }
};

} // namespace

std::size_t message::find_description(part wanted, const std::size_t* instance, text& found) const {
  const auto& sdp = *description_;
  picker pick{instance, found};
  switch (wanted) {
  case part::sdp_origin: pick.take(sdp.origin); break;
  case part::sdp_session_name: pick.take(sdp.name); break;
  case part::sdp_session_info: pick.take(sdp.info); break;
  case part::sdp_uri: pick.take(sdp.uri); break;
  case part::sdp_email: pick.take(sdp.email); break;
  case part::sdp_phone_number: pick.take(sdp.phone_number); break;
  case part::sdp_connection_data: pick.take(sdp.connection_data); break;
  case part::sdp_timezone: pick.take(sdp.timezone); break;
  case part::sdp_encryption_key: pick.take(sdp.encryption_key); break;
  case part::sdp_bandwidth:
    pick.take(sdp.bandwidths);
    for (const auto& medium : sdp.media)
      pick.take(medium.bandwidths);
    break;
  case part::sdp_attribute:
    pick.take(sdp.attributes);
    for (const auto& medium : sdp.media)
      pick.take(medium.attributes);
    break;
  case part::sdp_time:
    for (const auto& one : sdp.times)
      pick.take(one.time);
    break;
  case part::sdp_repeat_time:
    for (const auto& one : sdp.times)
      pick.take(one.repeats);
    break;
  default:
    for (const auto& medium : sdp.media) {
      if (wanted == part::sdp_media)
        pick.take(medium.media);
      else
        pick.take(wanted == part::sdp_media_info              ? medium.info
                  : wanted == part::sdp_media_connection_data ? medium.connection_data
                                                              : medium.encryption_key);
    }
  }
  return pick.count;
}

std::size_t message::instances(buffer_id id) const noexcept {
  text ignored;
  return find(static_cast<part>(id / 2), nullptr, ignored);
}

std::optional<byte_view> message::buffer(buffer_id id, std::size_t instance) const noexcept {
  text found;
  if (instance >= find(static_cast<part>(id / 2), &instance, found))
    return std::nullopt;
  return as_bytes(found);
}

void message::write_members(json_writer& json) const {
  if (is_request()) {
    json.member("method", method_).member("uri", uri_).member("version", version_);
    json.member("request_line", first_line_);
  } else if (!code_.empty()) {
    json.member("version", version_).member("code", code_).member("reason", reason_);
    json.member("response_line", first_line_);
  }
  if (description_) {
    json.key("sdp").begin_object();
    description_->write_members(json);
    json.end_object();
  }
}

} // namespace cresset::detect::proto::sip
