#include "detect/proto/sip/parser.hpp"

#include "detect/proto/recognise.hpp"

#include <algorithm>

namespace cresset::detect::proto::sip {
namespace {

struct offered {
  std::string_view name;
  bool several = false;
};
/// In the order of `part`.
constexpr offered parts[]{
    {"sip.method"},
    {"sip.uri"},
    {"sip.request_line"},
    {"sip.stat_code"},
    {"sip.stat_msg"},
    {"sip.response_line"},
    {"sip.protocol"},
    {"sip.from", true},
    {"sip.to", true},
    {"sip.via", true},
    {"sip.user_agent", true},
    {"sip.content_type", true},
    {"sip.content_length", true},
    {"sdp.origin"},
    {"sdp.session_name"},
    {"sdp.session_info"},
    {"sdp.uri"},
    {"sdp.email"},
    {"sdp.phone_number"},
    {"sdp.connection_data"},
    {"sdp.bandwidth", true},
    {"sdp.time", true},
    {"sdp.repeat_time", true},
    {"sdp.timezone"},
    {"sdp.encryption_key"},
    {"sdp.attribute", true},
    {"sdp.media.media", true},
    {"sdp.media.media_info", true},
    {"sdp.media.connection_data", true},
    {"sdp.media.encryption_key", true},
};
static_assert(std::size(parts) == part_count);

constexpr auto buffers = [] {
  std::array<buffer_description, 2 * part_count> table{};
  for (std::size_t i = 0; i < table.size(); ++i)
    table[i] = {parts[i / 2].name, i % 2 == 0 ? direction::to_server : direction::to_client,
                progress_done, parts[i / 2].several};
  return table;
}();

bool is_filler(char c) noexcept {
  return c == '\r' || c == '\n' || c == ' ' || c == '\t' || c == '\0';
}

constexpr std::array<std::string_view, 7> frame_types{
    "pdu",           "request.line",     "request.headers", "request.body",
    "response.line", "response.headers", "response.body"};

} // namespace

constinit const protocol_description description{"sip", buffers, {}, frame_types};

parse_status parser::bytes(direction way, byte_view bytes, timestamp) {
  const auto text = as_text(bytes);
  frames_.take(way, bytes);
  if (over_ == transport::tcp)
    return stream_bytes(way, text);
  // keep-alives: CRLF (RFC 5626 3.5.1), blanks or zeros
  if (std::all_of(text.begin(), text.end(), is_filler))
    return parse_status::consumed;
  return one_message(way, text) ? parse_status::consumed : parse_status::resynchronised;
}

/// The frames of a message (RFC 3261 7) that begins `at` bytes from the begin of this call.
void parser::name_frames(direction way, std::string_view message, std::int64_t at) {
  if (!frames_.is_awake())
    return;
  const auto open = [&](std::string_view type, std::size_t from, std::size_t to) {
    if (from < to)
      frames_.open(way, type, at + static_cast<std::int64_t>(from), to - from);
  };
  const bool is_answer = message.starts_with("SIP/");
  const auto line = std::min(message.find('\n'), message.size() - 1) + 1;
  const auto blank = message.find("\r\n\r\n");
  const auto body = blank == std::string_view::npos ? message.size() : blank + 4;
  open("pdu", 0, message.size());
  open(is_answer ? "response.line" : "request.line", 0, line);
  open(is_answer ? "response.headers" : "request.headers", line, body);
  open(is_answer ? "response.body" : "request.body", body, message.size());
}

bool parser::one_message(direction way, std::string_view bytes, std::int64_t at) {
  if (!bytes.empty())
    name_frames(way, bytes, at);
  auto* one = add(way);
  return one == nullptr || one->read(bytes); // one that was refused is counted
}

/// Knows the size of the open message once the end of its headers has come.
void parser::measure(half& mine) {
  const auto from = mine.searched < 3 ? 0 : mine.searched - 3;
  const auto end = mine.open.find("\r\n\r\n", from);
  mine.searched = mine.open.size();
  if (end == std::string::npos)
    return;
  const auto head = std::string_view{mine.open}.substr(0, end + 4);
  mine.wanted = head.size();
  if (const auto length = content_length_in(head))
    mine.wanted += std::min<std::size_t>(*length, std::size_t{1} << 30);
}

parse_status parser::stream_bytes(direction way, std::string_view bytes) {
  auto& mine = halves_[index(way)];
  const auto* const given = bytes.data();
  if (mine.lost_sync) {
    // behind a gap, a segment that begins like a message is taken for the beginning of one
    if (recognise::sip_request(as_bytes(bytes)) != likeness::yes &&
        recognise::sip_response(as_bytes(bytes)) != likeness::yes)
      return parse_status::resynchronised;
    mine = {};
  }
  auto status = parse_status::consumed;
  for (;;) {
    const auto skipped = std::min(mine.to_skip, bytes.size());
    mine.to_skip -= skipped;
    bytes.remove_prefix(skipped);
    while (mine.open.empty() && !bytes.empty() && is_filler(bytes.front()))
      bytes.remove_prefix(1);
    if (bytes.empty())
      return mine.open.empty() && mine.to_skip == 0 ? status : parse_status::need_more;
    const auto most = std::min(mine.wanted == 0 ? message::limits::message_bytes : mine.wanted,
                               message::limits::message_bytes);
    const auto before = mine.open.size();
    mine.open += bytes.substr(0, most - before);
    auto taken = mine.open.size() - before;
    if (mine.wanted == 0) {
      measure(mine);
      if (mine.wanted != 0 && mine.open.size() > mine.wanted) { // gives the next message back
        taken -= mine.open.size() - mine.wanted;
        mine.open.resize(mine.wanted);
      }
    }
    bytes.remove_prefix(taken);
    const bool is_full = mine.open.size() == message::limits::message_bytes;
    if (mine.wanted == 0 ? !is_full : mine.open.size() < mine.wanted && !is_full)
      continue;
    const auto to_skip = mine.wanted > mine.open.size() ? mine.wanted - mine.open.size() : 0;
    const auto at = bytes.data() - given - static_cast<std::ptrdiff_t>(mine.open.size());
    if (!one_message(way, mine.open, at) || mine.wanted == 0) {
      mine = {};
      mine.lost_sync = true;
      return parse_status::resynchronised;
    }
    mine = {};
    mine.to_skip = to_skip;
  }
}

parse_status parser::gap(direction way, std::uint64_t size) {
  auto& mine = halves_[index(way)];
  if (size <= mine.to_skip) {
    mine.to_skip -= static_cast<std::size_t>(size);
    frames_.skip(way, size);
    return parse_status::resynchronised;
  }
  if (over_ == transport::tcp) {
    if (!mine.open.empty())
      one_message(way, mine.open, frames_.taken(way) - static_cast<std::int64_t>(mine.open.size()));
    frames_.skip(way, size);
    mine = {};
    mine.lost_sync = true;
  }
  return parse_status::resynchronised;
}

void parser::end(direction way) {
  auto& mine = halves_[index(way)];
  if (!mine.open.empty())
    one_message(way, mine.open, frames_.taken(way) - static_cast<std::int64_t>(mine.open.size()));
  frames_.end(way);
  mine = {};
}

} // namespace cresset::detect::proto::sip
