#include "detect/flow/ip_reassembly.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>

// A datagram in pieces is named by addresses, id and (IPv4) protocol. Its pieces wait in a
// segment_list, where the policy has decided what overlaps; when the last fragment has told the
// length and no hole is left, header and pieces are written one behind the other and the header is
// made to fit:
//
//   IPv4   total length, fragment field without MF and offset, checksum       (RFC 791 section 3.2)
//   IPv6   payload length, and the "next header" that named the fragment header names what it named
//   (RFC 8200 4.5)
//
// Trackers stand in a hash table and in a row by age; the row serves both limits, of time and of
// number.
namespace cresset::detect::flow {
namespace {

using namespace capture::decode;

constexpr std::size_t ipv6_header_size = 40;
constexpr std::uint8_t authentication_header = 51;

bool is_v4(const decoded_packet& packet) noexcept {
  return packet.ip_version == 4;
}

/// What stands before the fragmented payload and is counted in the datagram's length.
std::size_t counted_header(const decoded_packet& packet) noexcept {
  if (is_v4(packet))
    return packet.network_header.size();
  return packet.unfragmentable.size() - std::min(packet.unfragmentable.size(), ipv6_header_size);
}

void finish_v4(std::span<std::byte> datagram, std::size_t header_size) noexcept {
  store_be16(datagram.subspan<2, 2>(), static_cast<std::uint16_t>(datagram.size()));
  datagram[6] &= std::byte{0xc0};
  datagram[7] = std::byte{0};
  store_be16(datagram.subspan<10, 2>(), 0);
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i + 1 < header_size; i += 2)
    sum += load_be16(std::span<const std::byte, 2>{&datagram[i], 2});
  while (sum >> 16 != 0)
    sum = (sum & 0xffffU) + (sum >> 16);
  store_be16(datagram.subspan<10, 2>(), static_cast<std::uint16_t>(~sum));
}

void finish_v6(std::span<std::byte> datagram, std::size_t header_size,
               std::uint8_t next_header) noexcept {
  store_be16(datagram.subspan<4, 2>(),
             static_cast<std::uint16_t>(datagram.size() - ipv6_header_size));
  std::size_t name = 6; // where the type of the header at `position` stands
  for (std::size_t position = ipv6_header_size; position + 1 < header_size;) {
    const bool authentication =
        std::to_integer<std::uint8_t>(datagram[name]) == authentication_header;
    const auto length = std::to_integer<std::size_t>(datagram[position + 1]);
    name = position;
    position += authentication ? (length + 2) * 4 : (length + 1) * 8;
  }
  datagram[name] = std::byte{next_header};
}

void add_event(fragment_outcome& outcome, decode_event event) noexcept {
  outcome.events[outcome.events[0] ? 1 : 0] = event;
}

} // namespace

ip_reassembly::ip_reassembly(const ip_reassembly_settings& settings)
    : settings_{settings}, buffers_{settings.limit_bytes}, buckets_(std::size_t{1} << 14, nobody),
      datagram_(largest_payload + largest_header + 1) {
  settings_.limit_datagrams = std::max<std::size_t>(1, settings_.limit_datagrams);
}

fragment_outcome ip_reassembly::process(const decoded_packet& packet, timestamp now) noexcept {
  counters_.fragments.add();
  expire(now);
  fragment_outcome outcome;
  const std::size_t size = packet.payload.size();
  const std::size_t behind = packet.fragment_offset_bytes + size;
  if (counted_header(packet) + behind > largest_payload) {
    counters_.too_large.add();
    outcome.status = fragment_status::too_large;
    add_event(outcome, is_v4(packet) ? decode_event::ipv4_frag_pkt_too_large
                                     : decode_event::ipv6_frag_pkt_too_large);
    return outcome;
  }
  if (packet.more_fragments && size % 8 != 0) {
    counters_.invalid_length.add();
    outcome.status = fragment_status::invalid_length;
    if (!is_v4(packet))
      add_event(outcome, decode_event::ipv6_frag_invalid_length);
    return outcome;
  }
  if (size == 0) {
    counters_.ignored.add();
    outcome.status = fragment_status::ignored;
    return outcome;
  }
  auto* const open = find_or_open(key_of(packet), now);
  outcome = take(*open, packet);
  if (outcome.status == fragment_status::complete || open->pieces.empty())
    drop(open->number);
  if (outcome.status == fragment_status::complete)
    counters_.datagrams.add();
  else if (outcome.status == fragment_status::ignored)
    counters_.ignored.add();
  return outcome;
}

fragment_outcome ip_reassembly::take(tracker& open, const decoded_packet& packet) noexcept {
  fragment_outcome outcome;
  const std::uint64_t begin = packet.fragment_offset_bytes;
  const byte_range arrived{begin, begin + packet.payload.size()};
  const segment_list::insert_terms terms{settings_.policy, newer_fragment_wins,
                                         settings_.limit_fragments};
  const bool header_refused = begin == 0 && !open.has_header && !keep_header(open, packet);
  bool is_copy = false; // the same fragment once more
  for (std::size_t i = 0; i < open.pieces.size(); ++i)
    is_copy =
        is_copy || (open.pieces[i].begin == begin && open.pieces[i].size == packet.payload.size());
  const auto kept = open.pieces.insert(buffers_, terms, begin, packet.payload, arrived);
  if (kept.overlapped && (kept.differed || kept.added_bytes != 0 || !is_copy)) {
    counters_.overlaps.add();
    add_event(outcome,
              is_v4(packet) ? decode_event::ipv4_frag_overlap : decode_event::ipv6_frag_overlap);
  }
  if (kept.refused_bytes != 0 || header_refused) {
    outcome.status = fragment_status::ignored;
    add_event(outcome,
              is_v4(packet) ? decode_event::ipv4_frag_ignored : decode_event::ipv6_frag_ignored);
  }
  open.covered += kept.added_bytes;
  // The first to say where the end is, is believed, unless bytes behind it came before.
  if (!packet.more_fragments && open.total == 0 && !open.pieces.empty() &&
      open.pieces.back_end() <= arrived.end)
    open.total = arrived.end;
  if (open.total == 0 || !open.has_header || open.covered < open.total ||
      open.pieces.front().begin != 0 || open.pieces.runs() != 1)
    return outcome;
  outcome.status = fragment_status::complete;
  outcome.datagram = assemble(open);
  return outcome;
}

/// The header of the first fragment becomes that of the datagram.
bool ip_reassembly::keep_header(tracker& open, const decoded_packet& packet) noexcept {
  const byte_view header = is_v4(packet) ? packet.network_header : packet.unfragmentable;
  const std::size_t least = is_v4(packet) ? 20 : ipv6_header_size;
  if (header.size() < least || header.size() > largest_header)
    return false;
  if (!is_v4(packet)) {
    if (packet.network.size() <= header.size())
      return false;
    open.next_header = std::to_integer<std::uint8_t>(packet.network[header.size()]);
  }
  open.key.ip_version = packet.ip_version;
  open.header.assign(header.begin(), header.end());
  open.has_header = true;
  return true;
}

byte_view ip_reassembly::assemble(const tracker& whole) noexcept {
  const std::size_t header_size = whole.header.size();
  const auto datagram = std::span{datagram_}.first(header_size + whole.total);
  std::memcpy(datagram.data(), whole.header.data(), header_size);
  for (std::size_t i = 0; i < whole.pieces.size(); ++i) {
    const auto& piece = whole.pieces[i];
    if (piece.begin >= whole.total)
      break;
    const auto size = std::min<std::uint64_t>(piece.size, whole.total - piece.begin);
    std::memcpy(datagram.data() + header_size + piece.begin, piece.data(), size);
  }
  if (whole.key.ip_version == 4)
    finish_v4(datagram, header_size);
  else
    finish_v6(datagram, header_size, whole.next_header);
  return datagram;
}

flow_key ip_reassembly::key_of(const decoded_packet& packet) const noexcept {
  flow_key key;
  std::memcpy(key.low_address.data(), packet.tuple.source.storage().data(), 16);
  std::memcpy(key.high_address.data(), packet.tuple.destination.storage().data(), 16);
  if (settings_.key.vlan)
    std::copy_n(packet.vlan_ids.begin(), std::min<std::size_t>(packet.vlan_count, 3),
                key.vlan_ids.begin());
  key.low_port = static_cast<std::uint16_t>(packet.ip_id >> 16);
  key.high_port = static_cast<std::uint16_t>(packet.ip_id & 0xffffU);
  key.protocol = is_v4(packet) ? static_cast<std::uint8_t>(packet.tuple.protocol) : std::uint8_t{0};
  key.ip_version = packet.ip_version;
  key.tunnel_depth = settings_.key.tunnel_depth ? packet.tunnel_depth : std::uint8_t{0};
  return key;
}

std::uint32_t& ip_reassembly::bucket_of(const flow_key& key) noexcept {
  return buckets_[hash_of(key, settings_.key.hash_secret) & (buckets_.size() - 1)];
}

ip_reassembly::tracker* ip_reassembly::find_or_open(const flow_key& key, timestamp now) noexcept {
  for (auto number = bucket_of(key); number != nobody; number = trackers_[number]->next)
    if (trackers_[number]->key == key)
      return trackers_[number].get();
  if (used_ == settings_.limit_datagrams) {
    counters_.evicted.add();
    drop(oldest_);
  }
  if (free_.empty()) {
    trackers_.push_back(std::make_unique<tracker>());
    trackers_.back()->number = static_cast<std::uint32_t>(trackers_.size() - 1);
    free_.reserve(trackers_.size());
    free_.push_back(trackers_.back()->number);
  }
  auto& opened = *trackers_[free_.back()];
  free_.pop_back();
  ++used_;
  opened.key = key;
  opened.deadline = now + settings_.timeout;
  opened.next = std::exchange(bucket_of(key), opened.number);
  opened.older = newest_;
  opened.newer = nobody;
  if (newest_ != nobody)
    trackers_[newest_]->newer = opened.number;
  else
    oldest_ = opened.number;
  newest_ = opened.number;
  return &opened;
}

void ip_reassembly::drop(std::uint32_t number) noexcept {
  auto& gone = *trackers_[number];
  auto* link = &bucket_of(gone.key);
  while (*link != number)
    link = &trackers_[*link]->next;
  *link = gone.next;
  (gone.older != nobody ? trackers_[gone.older]->newer : oldest_) = gone.newer;
  (gone.newer != nobody ? trackers_[gone.newer]->older : newest_) = gone.older;
  gone.pieces.clear();
  gone.has_header = false;
  gone.covered = gone.total = 0;
  free_.push_back(number);
  --used_;
}

std::size_t ip_reassembly::expire(timestamp now) noexcept {
  std::size_t given_up = 0;
  for (; oldest_ != nobody && trackers_[oldest_]->deadline <= now; ++given_up)
    drop(oldest_);
  counters_.timeouts.add(given_up);
  return given_up;
}

} // namespace cresset::detect::flow
