// A direction is a run of frames, after the client's preface:
//
//   length 3 | type 1 | flags 1 | stream 4 | payload
//
// DATA goes to its stream as it comes; all other frames are small and gathered. A block of headers
// may run over several frames (HEADERS or PUSH_PROMISE, then CONTINUATIONs) and is unpacked when it
// is whole; blocks change the header table, so none may be left out.
#include "detect/proto/http2/parser.hpp"

#include "capture/base/byte_reader.hpp"
#include "detect/proto/http2/upgrade.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace cresset::detect::proto::http2 {
namespace {

constexpr auto to_server = direction::to_server;
constexpr auto to_client = direction::to_client;
constexpr std::string_view preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
constexpr std::uint32_t stream_bits = 0x7fffffff;
constexpr std::size_t setting_size = 6;
constexpr std::size_t priority_size = 5;
constexpr std::size_t early_limit = 8;

/// Names the head, the payload and the whole of each frame (RFC 9113 4.1).
frame_cutter::step lay_out(direction way, byte_view seen, const frame_cutter::namer& name) {
  if (seen.size() < frame_head::size)
    return frame_cutter::wants(frame_head::size);
  if (way == to_server && as_text(seen.first(frame_head::size)) ==
                              preface.substr(0, frame_head::size)) // no frame begins so
    return frame_cutter::goes_on(preface.size());
  const auto payload = byte_reader{seen}.be24().value_or(0);
  name("hdr", 0, frame_head::size);
  name("data", frame_head::size, payload);
  name("pdu", 0, frame_head::size + payload);
  return frame_cutter::goes_on(frame_head::size + payload);
}

} // namespace

void parser::begin_upgraded(std::vector<header_field> request, std::string_view http2_settings) {
  auto* one = make(1);
  one->on_frame(to_server, static_cast<std::uint8_t>(frame_type::headers));
  hpack_decoder::block block;
  block.fields = std::move(request);
  one->on_headers(to_server, std::move(block));
  if (const auto payload = decode_http2_settings(http2_settings))
    on_settings(*one, to_server, *payload);
  else
    one->raise("invalid_http1_settings");
  one->on_end_stream(to_server);
}

exchange* parser::make(std::uint32_t stream) {
  if (live_.size() >= settings_.stream_limit) {
    if (!live_.empty())
      live_.newest().raise("too_many_streams");
    return nullptr;
  }
  auto& one = live_.add(std::make_unique<exchange>(live_.next_number(), stream, settings_));
  for (const auto event : std::exchange(early_events_, {}))
    one.raise(event);
  if (stream != 0)
    streams_[stream] = one.number();
  return &one;
}

exchange* parser::stream_of(const frame_head& head) {
  const auto known = streams_.find(head.stream);
  auto* one = known == streams_.end() ? nullptr : live_.find(known->second);
  const bool opens = head.is(frame_type::headers) || head.is(frame_type::push_promise);
  if (one != nullptr && !(one->is_done() && opens))
    return one;
  const bool is_ended =
      one != nullptr || std::find(ended_.begin(), ended_.end(), head.stream) != ended_.end();
  if (is_ended && !opens)
    return nullptr;
  auto* made = make(head.stream);
  if (made != nullptr && is_ended)
    made->raise("stream_id_reuse");
  return made;
}

exchange* parser::transaction_of_connection(direction way) {
  auto* one = make(0);
  if (one != nullptr)
    one->be_of_connection(way);
  return one;
}

void parser::raise(direction way, std::string_view event) {
  const auto known = streams_.find(halves_[index(way)].head.stream);
  auto* one = known == streams_.end() ? nullptr : live_.find(known->second);
  if (one == nullptr && !live_.empty())
    one = &live_.newest();
  if (one != nullptr)
    one->raise(event);
  else if (early_events_.size() < early_limit)
    early_events_.push_back(event);
}

parse_status parser::bytes(direction way, byte_view bytes, timestamp) {
  frames_.bytes(way, bytes, lay_out);
  auto& mine = halves_[index(way)];
  if (mine.is_broken)
    return parse_status::malformed;
  read_preface(way, bytes);
  while (!bytes.empty() && !mine.is_broken) {
    if (!mine.in_payload) {
      const auto taken = std::min(bytes.size(), frame_head::size - mine.raw_head_size);
      std::copy_n(bytes.begin(), taken,
                  mine.raw_head.begin() + static_cast<std::ptrdiff_t>(mine.raw_head_size));
      mine.raw_head_size += taken;
      bytes = bytes.subspan(taken);
      if (mine.raw_head_size < frame_head::size)
        break;
      begin_frame(way);
    } else {
      const auto taken = std::min(bytes.size(), mine.left);
      payload_bytes(way, bytes.first(taken));
      mine.left -= taken;
      bytes = bytes.subspan(taken);
    }
    if (mine.in_payload && mine.left == 0)
      end_frame(way);
  }
  if (mine.is_broken)
    return parse_status::malformed;
  return mine.in_payload || mine.raw_head_size != 0 ? parse_status::need_more
                                                    : parse_status::consumed;
}

/// The client begins with a line that no server of HTTP/1 would take (RFC 9113 3.4).
void parser::read_preface(direction way, byte_view& bytes) {
  auto& mine = halves_[index(way)];
  if (way == to_client || mine.is_past_preface)
    return;
  const auto wanted = preface.substr(mine.preface_seen);
  const auto size = std::min(bytes.size(), wanted.size());
  if (as_text(bytes.first(size)) != wanted.substr(0, size)) {
    raise(way, "invalid_client_magic");
    mine.is_broken = true;
    return;
  }
  mine.preface_seen += size;
  mine.is_past_preface = mine.preface_seen == preface.size();
  bytes = bytes.subspan(size);
}

void parser::begin_frame(direction way) {
  auto& mine = halves_[index(way)];
  byte_reader in{mine.raw_head};
  mine.raw_head_size = 0;
  mine.head.length = *in.be24();
  mine.head.type = *in.u8();
  mine.head.flags = *in.u8();
  mine.head.stream = *in.be32() & stream_bits;
  mine.left = mine.head.length;
  mine.in_payload = true;
  mine.payload.clear();
  mine.padding = 0;
  mine.knows_padding = !mine.head.is(frame_type::data) || !mine.head.has(flags::padded);
  mine.is_skipped = !mine.head.is(frame_type::data) && mine.head.length > frame_limit_bytes;
  if (mine.is_skipped) {
    raise(way, "long_frame_data");
    // a block that is not read leaves the table unknown
    mine.block_is_lost = mine.block_is_lost || mine.head.is(frame_type::headers) ||
                         mine.head.is(frame_type::continuation) ||
                         mine.head.is(frame_type::push_promise);
  }
  if (mine.has_block &&
      (!mine.head.is(frame_type::continuation) || mine.head.stream != mine.block_stream)) {
    raise(way, "invalid_frame_header"); // nothing may stand between fragments (6.10)
    mine.has_block = false;
    mine.block_is_lost = true;
  }
}

void parser::payload_bytes(direction way, byte_view bytes) {
  auto& mine = halves_[index(way)];
  if (mine.is_skipped)
    return;
  if (mine.head.is(frame_type::data))
    data_bytes(way, bytes);
  else
    mine.payload.insert(mine.payload.end(), bytes.begin(), bytes.end());
}

void parser::data_bytes(direction way, byte_view bytes) {
  auto& mine = halves_[index(way)];
  auto left = mine.left; // before these bytes
  if (!mine.knows_padding) {
    mine.knows_padding = true;
    mine.padding = std::to_integer<std::size_t>(bytes.front());
    bytes = bytes.subspan(1);
    --left;
    if (mine.padding > left) {
      raise(way, "invalid_frame_data");
      mine.padding = left;
    }
  }
  const auto body = left - std::min(left, mine.padding);
  bytes = bytes.first(std::min(bytes.size(), body));
  if (bytes.empty())
    return;
  auto* one = stream_of(mine.head);
  if (one == nullptr || mine.head.stream == 0)
    return;
  if (way == to_client)
    part_bytes(*one, bytes);
  one->on_bytes(way, bytes);
}

/// A part of a file goes to the file put together from parts as well, one part at a time.
void parser::part_bytes(exchange& one, byte_view bytes) {
  if (!part_of_)
    if (const auto part = one.part(); part && one.body_is_new(to_client))
      if (ranges_.begin(*part, one.file_name()))
        part_of_ = one.number();
  if (part_of_ == one.number())
    ranges_.bytes(bytes);
}

void parser::end_part(exchange& one) {
  if (part_of_ != one.number())
    return;
  part_of_.reset();
  if (!ranges_.is_whole())
    return;
  auto name = ranges_.name();
  one.add_whole_file(std::move(name), ranges_.take());
}

void parser::end_frame(direction way) {
  auto& mine = halves_[index(way)];
  mine.in_payload = false;
  if (mine.is_skipped)
    return;
  const auto payload = std::exchange(mine.payload, {});
  switch (static_cast<frame_type>(mine.head.type)) {
  case frame_type::data:
    if (mine.head.stream == 0) {
      raise(way, "data_stream_zero");
    } else if (auto* one = stream_of(mine.head)) {
      one->on_frame(way, mine.head.type);
      if (mine.head.has(flags::end_stream))
        end_stream(way, mine.head.stream);
    }
    return;
  case frame_type::headers: return on_headers(way, payload);
  case frame_type::push_promise: return on_push_promise(way, payload);
  case frame_type::continuation: return on_continuation(way, payload);
  default: return on_small_frame(way, payload);
  }
}

/// PRIORITY, RST_STREAM, SETTINGS, PING, GOAWAY, WINDOW_UPDATE and frames nobody knows.
void parser::on_small_frame(direction way, byte_view payload) {
  const auto& head = halves_[index(way)].head;
  auto* one = head.stream == 0 ? transaction_of_connection(way) : stream_of(head);
  if (one == nullptr)
    return;
  one->on_frame(way, head.type);
  byte_reader in{payload};
  switch (static_cast<frame_type>(head.type)) {
  case frame_type::priority:
    if (payload.size() != priority_size)
      one->raise("invalid_frame_length");
    else
      one->on_priority(way, std::to_integer<std::uint8_t>(payload[4]));
    break;
  case frame_type::rst_stream:
    if (payload.size() != 4) {
      one->raise("invalid_frame_length");
    } else {
      one->on_error_code(way, *in.be32());
      one->close(false);
    }
    break;
  case frame_type::settings: on_settings(*one, way, payload); break;
  case frame_type::goaway:
    if (payload.size() < 8 || !in.be32())
      one->raise("invalid_frame_length");
    else
      one->on_error_code(way, *in.be32());
    break;
  case frame_type::window_update:
    if (payload.size() != 4)
      one->raise("invalid_frame_length");
    else
      one->on_window(way, *in.be32() & stream_bits);
    break;
  case frame_type::ping:
    if (payload.size() != 8)
      one->raise("invalid_frame_length");
    break;
  default: one->raise("unknown_frame"); break;
  }
  if (head.stream == 0)
    one->close(true);
}

void parser::on_settings(exchange& one, direction way, byte_view payload) {
  if (payload.size() % setting_size != 0)
    one.raise("invalid_frame_length");
  byte_reader in{payload};
  while (in.remaining() >= setting_size) {
    const auto id = *in.be16();
    one.on_setting(way, {id, *in.be32()});
  }
}

/// Cuts the padding off the payload of HEADERS or PUSH_PROMISE. False if there is less than it
/// says.
bool parser::take_padding(const frame_head& head, byte_view& payload) const noexcept {
  if (!head.has(flags::padded))
    return true;
  if (payload.empty())
    return false;
  const auto padding = std::to_integer<std::size_t>(payload.front());
  payload = payload.subspan(1);
  if (padding > payload.size())
    return false;
  payload = payload.first(payload.size() - padding);
  return true;
}

void parser::on_headers(direction way, byte_view payload) {
  auto& mine = halves_[index(way)];
  auto* one = mine.head.stream == 0 ? nullptr : stream_of(mine.head);
  if (one != nullptr)
    one->on_frame(way, mine.head.type);
  bool is_whole = take_padding(mine.head, payload);
  if (is_whole && mine.head.has(flags::priority)) {
    is_whole = payload.size() >= priority_size;
    if (is_whole && one != nullptr)
      one->on_priority(way, std::to_integer<std::uint8_t>(payload[4]));
    payload = payload.subspan(is_whole ? priority_size : 0);
  }
  if (!is_whole || mine.head.stream == 0) {
    raise(way, "invalid_frame_data");
    mine.block_is_lost = true;
    return;
  }
  mine.block_stream = mine.head.stream;
  mine.block_flags = mine.head.flags;
  mine.is_promise = false;
  mine.block.clear();
  add_to_block(way, payload, mine.head.has(flags::end_headers));
}

void parser::on_push_promise(direction way, byte_view payload) {
  auto& mine = halves_[index(way)];
  if (auto* carrier = mine.head.stream == 0 ? nullptr : stream_of(mine.head))
    carrier->on_frame(way, mine.head.type);
  const bool is_whole = take_padding(mine.head, payload) && payload.size() >= 4;
  if (!is_whole) {
    raise(way, "invalid_frame_data");
    mine.block_is_lost = true;
    return;
  }
  mine.promised_stream = byte_reader{payload}.be32().value_or(0) & stream_bits;
  mine.block_stream = mine.head.stream;
  mine.block_flags = 0;
  mine.is_promise = true;
  mine.block.clear();
  add_to_block(way, payload.subspan(4), mine.head.has(flags::end_headers));
}

void parser::on_continuation(direction way, byte_view payload) {
  auto& mine = halves_[index(way)];
  if (!mine.has_block) {
    if (!mine.block_is_lost)
      raise(way, "invalid_frame_header");
    return;
  }
  if (auto* one = stream_of(mine.head))
    one->on_frame(way, mine.head.type);
  add_to_block(way, payload, mine.head.has(flags::end_headers));
}

void parser::add_to_block(direction way, byte_view fragment, bool is_last) {
  auto& mine = halves_[index(way)];
  mine.has_block = true;
  if (mine.block.size() + fragment.size() > block_limit_bytes) {
    if (!std::exchange(mine.block_is_lost, true))
      raise(way, "reassembly_limit_reached");
  } else {
    mine.block.insert(mine.block.end(), fragment.begin(), fragment.end());
  }
  if (is_last)
    end_block(way);
}

void parser::end_block(direction way) {
  auto& mine = halves_[index(way)];
  mine.has_block = false;
  const auto bytes = std::exchange(mine.block, {});
  hpack_decoder::block block;
  const auto outcome =
      mine.block_is_lost ? hpack_outcome::damaged : mine.hpack.decode(bytes, block);
  // A promised request is the client's, whoever wrote it.
  const auto of = mine.is_promise ? to_server : way;
  auto* one = mine.is_promise ? make(mine.promised_stream) : stream_of(mine.head);
  if (one != nullptr) {
    if (outcome == hpack_outcome::damaged)
      one->raise("invalid_header");
    else if (outcome == hpack_outcome::integer_overflow)
      one->raise("header_integer_overflow");
    if (block.refused != 0)
      one->raise("reassembly_limit_reached");
    one->on_headers(of, std::move(block));
  }
  if (mine.is_promise && one != nullptr)
    one->on_end_stream(to_server);
  else if ((mine.block_flags & flags::end_stream) != 0)
    end_stream(way, mine.head.stream);
}

void parser::end_stream(direction way, std::uint32_t stream) {
  if (const auto known = streams_.find(stream); known != streams_.end())
    if (auto* one = live_.find(known->second)) {
      if (way == to_client)
        end_part(*one);
      one->on_end_stream(way);
    }
}

parse_status parser::gap(direction way, std::uint64_t size) {
  frames_.gap(way, size);
  halves_[index(way)].is_broken = true;
  end(way);
  return parse_status::malformed;
}

void parser::end(direction way) {
  frames_.end(way);
  auto& mine = halves_[index(way)];
  mine.is_broken = true;
  const bool is_last = halves_[index(opposite(way))].is_broken;
  if (is_last)
    for (std::size_t i = 0; i < live_.size(); ++i)
      live_[i].close(false);
}

void parser::release(std::uint64_t number) noexcept {
  const auto one = live_.take(number);
  if (part_of_ == number)
    part_of_.reset();
  if (!one || one->stream() == 0)
    return;
  const auto known = streams_.find(one->stream());
  if (known == streams_.end() || known->second != number)
    return;
  streams_.erase(known);
  ended_[ended_at_++ % ended_limit] = one->stream();
}

} // namespace cresset::detect::proto::http2
