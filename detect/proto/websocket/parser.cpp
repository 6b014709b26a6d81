// A frame (RFC 6455 5.2):
//
//   fin 1, reserved 3, opcode 4 bits | mask 1, length 7 bits | length 2 or 8 | key 4 | payload
//
// A message is one frame, or a first one without fin and continuations up to one with it; control
// frames may stand between them.
#include "detect/proto/websocket/parser.hpp"

#include "capture/base/byte_reader.hpp"

#include <algorithm>
#include <utility>

namespace cresset::detect::proto::websocket {
namespace {

constexpr std::uint8_t masked = 0x80;
constexpr std::size_t length_16 = 126;
constexpr std::size_t length_64 = 127;
constexpr std::uint64_t bomb_begin_bytes = 1024 * 1024; ///< of output, before the ratio counts

/// Size of the head whose first two bytes these are.
std::size_t head_size_of(std::byte second) noexcept {
  const auto bits = std::to_integer<unsigned>(second);
  const std::size_t length = bits & 0x7fU;
  return 2 +
         (length == length_16   ? 2
          : length == length_64 ? 8
                                : 0) +
         ((bits & masked) != 0 ? 4 : 0);
}

/// The frames of the manual's chapter on WebSocket, one of each for a frame of the protocol.
frame_cutter::step lay_out(direction, byte_view seen, const frame_cutter::namer& name) {
  if (seen.size() < 2)
    return frame_cutter::wants(2);
  const auto head = head_size_of(seen[1]);
  if (seen.size() < head)
    return frame_cutter::wants(head);
  const std::size_t length = std::to_integer<std::size_t>(seen[1]) & 0x7fU;
  const std::uint64_t payload = length == length_16   ? load_be16(seen.subspan<2, 2>())
                                : length == length_64 ? load_be64(seen.subspan<2, 8>())
                                                      : length;
  if (payload > std::uint64_t{1} << 62)
    return {};
  name("header", 0, head);
  name("pdu", 0, head + payload);
  name("data", head, payload);
  return frame_cutter::goes_on(head + payload);
}

} // namespace

parse_status parser::bytes(direction way, byte_view bytes, timestamp) {
  frames_.bytes(way, bytes, lay_out);
  auto& mine = halves_[index(way)];
  while (!bytes.empty() && !mine.is_broken) {
    if (!mine.in_payload) {
      mine.raw[mine.raw_size++] = bytes.front();
      bytes = bytes.subspan(1);
      if (!read_head(mine))
        continue;
    } else {
      const auto taken = static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), mine.left));
      payload_bytes(mine, bytes.first(taken));
      bytes = bytes.subspan(taken);
    }
    if (mine.left == 0)
      end_frame(way);
  }
  if (mine.is_broken)
    return parse_status::malformed;
  return mine.in_payload || mine.raw_size != 0 ? parse_status::need_more : parse_status::consumed;
}

/// True when the head is whole and read.
bool parser::read_head(half& mine) {
  if (mine.raw_size < 2 || mine.raw_size < head_size_of(mine.raw[1]))
    return false;
  byte_reader in{byte_view{mine.raw}.first(mine.raw_size)};
  const auto first = *in.u8();
  const auto second = *in.u8();
  mine.head = {static_cast<std::uint8_t>(first & 0xf0U), static_cast<std::uint8_t>(first & 0x0fU),
               std::nullopt};
  const std::size_t length = second & 0x7fU;
  mine.left = length == length_16 ? *in.be16() : length == length_64 ? *in.be64() : length;
  if ((second & masked) != 0)
    mine.head.mask = *in.be32();
  mine.raw_size = 0;
  mine.read = 0;
  mine.in_payload = true;
  return true;
}

void parser::payload_bytes(half& mine, byte_view bytes) {
  const auto before = mine.message.size() + mine.payload.size();
  const auto room = settings_.payload_limit - std::min(settings_.payload_limit, before);
  const auto kept = bytes.first(std::min(bytes.size(), room));
  mine.is_cut = mine.is_cut || kept.size() < bytes.size();
  const std::uint32_t key = mine.head.mask.value_or(0);
  for (std::size_t i = 0; i < kept.size(); ++i) {
    const auto shift = 24 - 8 * ((mine.read + i) % 4);
    mine.payload.push_back(kept[i] ^ static_cast<std::byte>(key >> shift & 0xffU));
  }
  mine.read += bytes.size();
  mine.left -= bytes.size();
}

void parser::end_frame(direction way) {
  auto& mine = halves_[index(way)];
  mine.in_payload = false;
  auto payload = std::exchange(mine.payload, {});
  bool is_damaged = false;
  if (!mine.head.is_control()) {
    if (mine.head.code != static_cast<std::uint8_t>(opcode::continuation)) {
      mine.message.clear();
      mine.message_is_packed = mine.head.is_compressed();
    }
    if (!mine.head.is_final()) {
      mine.message.insert(mine.message.end(), payload.begin(), payload.end());
    } else {
      auto message = std::exchange(mine.message, {});
      message.insert(message.end(), payload.begin(), payload.end());
      if (mine.message_is_packed && !mine.is_cut)
        message = unpacked(mine, std::move(message), is_damaged);
      payload = std::move(message);
      mine.is_cut = mine.message_is_packed = false;
    }
  }
  if (live_.size() >= settings_.transaction_limit) {
    ++refused_;
    return;
  }
  auto& one =
      live_.add(std::make_unique<frame>(live_.next_number(), way, mine.head, std::move(payload)));
  if (is_damaged)
    one.raise("failed_decompression");
}

/// RFC 7692 7.2.2. What cannot be unpacked is shown as it came; the window is lost with it.
std::vector<std::byte> parser::unpacked(half& mine, std::vector<std::byte> packed,
                                        bool& is_damaged) {
  static constexpr std::array<std::byte, 4> tail{std::byte{0}, std::byte{0}, std::byte{0xff},
                                                 std::byte{0xff}};
  if (!mine.unpack)
    mine.unpack =
        std::make_unique<inflater>(inflater::format::raw, bomb_begin_bytes, settings_.bomb_ratio);
  std::vector<std::byte> message;
  const auto keep = [&](byte_view piece) {
    const auto room = settings_.payload_limit - std::min(settings_.payload_limit, message.size());
    piece = piece.first(std::min(piece.size(), room));
    message.insert(message.end(), piece.begin(), piece.end());
  };
  auto result = mine.unpack->bytes(packed, keep);
  if (result == inflater::outcome::going_on)
    result = mine.unpack->bytes(tail, keep);
  if (result != inflater::outcome::going_on)
    mine.unpack.reset();
  is_damaged = result == inflater::outcome::damaged || result == inflater::outcome::bomb;
  return is_damaged && message.empty() ? std::move(packed) : std::move(message);
}

parse_status parser::gap(direction way, std::uint64_t size) {
  frames_.gap(way, size);
  auto& mine = halves_[index(way)];
  // Within a payload that is longer than the gap we know where the next frame begins.
  if (mine.in_payload && size <= mine.left && !mine.is_broken) {
    mine.left -= size;
    mine.read += size;
    mine.is_cut = true;
    mine.unpack.reset();
    if (mine.left == 0)
      end_frame(way);
    return parse_status::resynchronised;
  }
  mine.is_broken = true;
  return parse_status::malformed;
}

} // namespace cresset::detect::proto::websocket
