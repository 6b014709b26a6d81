// Each direction begins with a line of text; a server may send others before it. Then packets:
//
//   length 4 | padding length 1 | payload (type 1 …) | padding
//
// Of them only KEXINIT is read: a cookie and ten lists of names, from four of which HASSH is made.
// NEWKEYS ends it.
#include "detect/proto/ssh/parser.hpp"

#include "capture/base/byte_reader.hpp"

#include <algorithm>

namespace cresset::detect::proto::ssh {
namespace {

constexpr auto ts = direction::to_server;
constexpr auto tc = direction::to_client;
constexpr auto banner_seen = static_cast<progress>(side_progress::banner);
constexpr auto key_exchange_seen = static_cast<progress>(side_progress::key_exchange);

constexpr std::array buffers{
    buffer_description{"ssh.proto", ts, banner_seen},
    buffer_description{"ssh.proto", tc, banner_seen},
    buffer_description{"ssh.software", ts, banner_seen},
    buffer_description{"ssh.software", tc, banner_seen},
    buffer_description{"ssh.hassh", ts, key_exchange_seen},
    buffer_description{"ssh.hassh.string", ts, key_exchange_seen},
    buffer_description{"ssh.hassh.server", tc, key_exchange_seen},
    buffer_description{"ssh.hassh.server.string", tc, key_exchange_seen},
};
static_assert(buffers.size() == static_cast<std::size_t>(buffer_index::hassh_server_string) + 1);

constexpr std::array<std::string_view, 3> frame_types{"record.hdr", "record.data", "record.pdu"};
constexpr std::size_t packet_head_size = 6; ///< length, padding length, type
constexpr std::uint8_t kexinit = 20;
constexpr std::uint8_t newkeys = 21;

} // namespace

constinit const protocol_description description{"ssh", buffers, {}, frame_types};

session& parser::session_of_flow() {
  if (!one_) {
    one_ = std::make_unique<session>(0, settings_.log_hassh);
    shown_ = one_.get();
  }
  return *one_;
}

std::span<transaction* const> parser::transactions() noexcept {
  if (!one_ || is_released_)
    return {};
  return {&shown_, 1};
}

void parser::release(std::uint64_t number) noexcept {
  if (one_ && number == one_->number())
    is_released_ = true;
}

parse_status parser::bytes(direction way, byte_view bytes, timestamp) {
  auto& mine = halves_[index(way)];
  frames_.take(way, bytes);
  given_ = bytes;
  session_of_flow();
  while (!bytes.empty() && (mine.at == place::banner || mine.at == place::packets))
    bytes = mine.at == place::banner ? take_line(way, bytes) : take_packet(way, bytes);
  switch (mine.at) {
  case place::broken: return parse_status::malformed;
  case place::finished: return parse_status::finished;
  default:
    return mine.open.empty() && mine.to_skip == 0 ? parse_status::consumed
                                                  : parse_status::need_more;
  }
}

byte_view parser::take_line(direction way, byte_view bytes) {
  auto& mine = halves_[index(way)];
  const auto end = as_text(bytes).find('\n');
  const auto taken = end == std::string_view::npos ? bytes.size() : end + 1;
  const auto room = banner_limit_bytes - std::min(banner_limit_bytes, mine.open.size());
  const auto kept = bytes.first(std::min(taken, room));
  mine.open.insert(mine.open.end(), kept.begin(), kept.end());
  mine.is_long = mine.is_long || taken > room;
  if (mine.is_long)
    one_->raise("long_banner");
  if (end != std::string_view::npos) {
    auto line = as_text(mine.open);
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r'))
      line.remove_suffix(1);
    on_line(way, line);
    mine.open.clear();
    mine.is_long = false;
  }
  return bytes.subspan(taken);
}

/// "SSH-2.0-OpenSSH_9.2p1 comment"
void parser::on_line(direction way, std::string_view line) {
  auto& mine = halves_[index(way)];
  constexpr std::string_view mark = "SSH-";
  if (!line.starts_with(mark)) {
    if (++mine.lines > lines_before_banner || way == ts) {
      one_->raise("invalid_banner");
      mine.at = place::broken;
    }
    return;
  }
  line.remove_prefix(mark.size());
  const auto dash = line.find('-');
  if (dash == std::string_view::npos || dash == 0) {
    one_->raise("invalid_banner");
    mine.at = place::broken;
    return;
  }
  auto& side = one_->sides_[index(way)];
  side.proto = line.substr(0, dash);
  line.remove_prefix(dash + 1);
  side.software = line.substr(0, line.find(' '));
  one_->advance(way, banner_seen);
  mine.at = place::packets;
}

byte_view parser::take_packet(direction way, byte_view bytes) {
  auto& mine = halves_[index(way)];
  if (mine.to_skip > 0) {
    const auto skipped = std::min(mine.to_skip, bytes.size());
    mine.to_skip -= skipped;
    return bytes.subspan(skipped);
  }
  const auto take = [&](std::size_t wanted) {
    const auto taken = std::min(bytes.size(), wanted - std::min(wanted, mine.open.size()));
    mine.open.insert(mine.open.end(), bytes.begin(),
                     bytes.begin() + static_cast<std::ptrdiff_t>(taken));
    bytes = bytes.subspan(taken);
    return mine.open.size() >= wanted;
  };
  const bool is_new = mine.open.size() < packet_head_size;
  if (!take(packet_head_size))
    return bytes;
  const std::size_t length = load_be32(std::span<const std::byte>{mine.open}.first<4>());
  const auto type = std::to_integer<std::uint8_t>(mine.open[5]);
  if (length < 2 || length > packet_limit_bytes) {
    one_->raise(type == kexinit ? "long_kex_record" : "invalid_record");
    mine.at = place::broken;
    return {};
  }
  if (is_new)
    name_frames(way, bytes, length);
  if (type != kexinit) {
    mine.to_skip = 4 + length - packet_head_size;
    mine.open.clear();
    if (type == newkeys) {
      mine.at = place::finished;
      one_->advance(way, progress_done);
    }
    return bytes;
  }
  if (take(4 + length)) {
    on_packet(way, mine.open);
    mine.open = {};
  }
  return bytes;
}

/// The frames of the record (RFC 4253 6) whose head ends where `rest` begins.
void parser::name_frames(direction way, byte_view rest, std::size_t length) {
  if (!frames_.is_awake())
    return;
  const auto at = rest.data() - given_.data() - static_cast<std::ptrdiff_t>(packet_head_size);
  frames_.open(way, "record.hdr", at, packet_head_size);
  frames_.open(way, "record.data", at + static_cast<std::ptrdiff_t>(packet_head_size),
               4 + length - packet_head_size);
  frames_.open(way, "record.pdu", at, 4 + length);
}

void parser::on_packet(direction way, byte_view packet) {
  const auto padding = std::to_integer<std::size_t>(packet[4]);
  auto payload = packet.subspan(packet_head_size);
  payload = payload.first(payload.size() - std::min(padding, payload.size()));
  on_key_exchange(way, payload);
}

/// RFC 4253 7.1: cookie of 16 bytes, then lists in this order, client to server before server to
/// client.
void parser::on_key_exchange(direction way, byte_view payload) {
  byte_reader in{payload};
  in.skip(16);
  std::array<std::string_view, 8> lists;
  for (auto& one : lists) {
    const auto size = in.be32();
    const auto names = size ? in.take(*size) : std::nullopt;
    if (!names) {
      one_->raise("invalid_record");
      return;
    }
    one = as_text(*names);
  }
  enum {
    key_exchange,
    host_key,
    encryption_ts,
    encryption_tc,
    mac_ts,
    mac_tc,
    compression_ts,
    compression_tc
  };
  auto& text = one_->sides_[index(way)].algorithms;
  text = lists[key_exchange];
  for (const auto list : {way == ts ? encryption_ts : encryption_tc, way == ts ? mac_ts : mac_tc,
                          way == ts ? compression_ts : compression_tc})
    (text += ';') += lists[list];
  one_->advance(way, key_exchange_seen);
}

parse_status parser::gap(direction way, std::uint64_t size) {
  frames_.skip(way, size);
  auto& mine = halves_[index(way)];
  if (mine.at == place::finished)
    return parse_status::finished;
  if (mine.at == place::packets && size <= mine.to_skip) {
    mine.to_skip -= static_cast<std::size_t>(size);
    return parse_status::resynchronised;
  }
  mine.at = place::broken;
  return parse_status::malformed;
}

void parser::end(direction way) {
  frames_.end(way);
  if (one_)
    one_->advance(way, progress_done);
}

} // namespace cresset::detect::proto::ssh
