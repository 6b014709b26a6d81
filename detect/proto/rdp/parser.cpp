#include "detect/proto/rdp/parser.hpp"

namespace cresset::detect::proto::rdp {
namespace {

constexpr std::size_t tpkt_head = 4;
constexpr std::byte tls_handshake{0x16};

/// Version 3, a zero, a length that holds the head (RFC 1006 section 6).
measured size_of_packet(byte_view bytes) noexcept {
  if (bytes[0] != std::byte{3})
    return {measured::kind::refused};
  if (bytes.size() < tpkt_head)
    return {measured::kind::need_more};
  const std::size_t length = load_be16(bytes.subspan(2).first<2>());
  if (length <= tpkt_head)
    return {measured::kind::refused};
  return {measured::kind::known, length};
}

} // namespace

constinit const protocol_description description{"rdp", {}, {}};

parse_status parser::bytes(direction way, byte_view bytes, timestamp) {
  auto& mine = halves_[index(way)];
  if (mine.is_finished)
    return parse_status::finished;
  if (!mine.cutter.is_open() && !bytes.empty() && bytes[0] == tls_handshake)
    has_changed_ = true;
  if (has_changed_) {
    left_over_[index(way)] = bytes;
    return parse_status::changed;
  }
  const auto status = mine.cutter.feed(bytes, size_of_packet, [&](byte_view packet, bool is_cut) {
    return one_message(way, packet.subspan(tpkt_head), is_cut);
  });
  if (status == parse_status::changed && mine.is_finished)
    return parse_status::finished;
  if (status == parse_status::changed)
    left_over_[index(way)] = mine.cutter.left_over();
  if (status == parse_status::malformed)
    if (auto* one = add(way)) {
      one->raise("malformed_data");
      one->complete(false);
    }
  return status;
}

/// False when nothing of this direction is read behind it.
bool parser::one_message(direction way, byte_view bytes, bool is_cut) {
  if (message::kind_of(bytes) == kind::other)
    return true;
  auto* one = add(way);
  if (one == nullptr)
    return true;
  one->read(bytes);
  if (is_cut)
    one->raise("malformed_data");
  switch (one->kind()) {
  case kind::initial_response: has_changed_ = one->selected_protocol().value_or(0) != 0; break;
  case kind::connect_request:
  case kind::connect_response: halves_[index(way)].is_finished = true; break;
  default: break;
  }
  return !has_changed_ && !halves_[index(way)].is_finished;
}

parse_status parser::gap(direction way, std::uint64_t size) {
  auto& mine = halves_[index(way)];
  if (mine.cutter.lose(size))
    return parse_status::resynchronised;
  mine.is_finished = true; // what is left of the beginning is not worth a search
  return parse_status::finished;
}

} // namespace cresset::detect::proto::rdp
