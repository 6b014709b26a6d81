#include "detect/flow/flow.hpp"

#include <algorithm>
#include <utility>

namespace cresset::detect::flow {
namespace {

using capture::decode::decoded_packet;
using proto::direction;

constexpr std::array<std::uint64_t, 2> id_secret{0x2d358dccaa6c78a5, 0x8bb84b93962eacc9};

/// From key and time alone: the same flow of the same input has the same id, whoever works on it.
std::uint64_t id_from(const flow_key& key, timestamp begun) noexcept {
  const std::uint64_t mixed =
      hash_of(key, {id_secret[0] ^ static_cast<std::uint64_t>(to_ns(begun)), id_secret[1]});
  return std::max<std::uint64_t>(1, mixed >> 11);
}

} // namespace

std::string_view to_string(flow_state state) noexcept {
  constexpr std::array<std::string_view, 3> names{"new", "established", "closed"};
  return names[static_cast<std::size_t>(state)];
}

std::string_view to_string(flow_end why) noexcept {
  constexpr std::array<std::string_view, 4> names{"timeout", "forced", "shutdown", "tcp_reuse"};
  return names[static_cast<std::size_t>(why)];
}

void flow::begin(const keyed_packet& key, const decoded_packet& packet, timestamp at) noexcept {
  key_ = key.key;
  hash_ = key.hash;
  tuple_ = packet.tuple;
  id_ = id_from(key_, at);
  first_seen_ = last_seen_ = at;
  vlan_count_ =
      static_cast<std::uint8_t>(std::min<std::size_t>(packet.vlan_count, vlan_ids_.size()));
  std::copy_n(packet.vlan_ids.begin(), vlan_count_, vlan_ids_.begin());
  tunnel_depth_ = packet.tunnel_depth;
  // An answer whose request we missed still comes from the server.
  const bool is_answer = key_.is_icmp_exchange != 0 && packet.icmp->type == key_.high_port;
  client_is_high_ = key.reversed != is_answer;
  if (is_answer) {
    tuple_ = {packet.tuple.destination, packet.tuple.source, key_.low_port, 0,
              packet.tuple.protocol};
  }
  used_ = true;
}

/// All that was learnt goes; memory that the table owns stays.
void flow::clear() noexcept {
  const auto number = number_;
  *this = flow{};
  number_ = number;
}

void flow::count(const decoded_packet& packet, direction way, timestamp at) noexcept {
  auto& total = totals_[proto::index(way)];
  ++total.packets;
  total.bytes += packet.frame.size() + packet.carrier_bytes;
  last_seen_ = std::max(last_seen_, at);
  if (packet.tcp)
    tcp_flags_[proto::index(way)] |= packet.tcp->flags;
  if (way == direction::to_client && packet.icmp && !response_)
    response_ = icmp_answer{packet.icmp->type, packet.icmp->code};
  if (!packet.tcp && state_ == flow_state::new_flow && totals_[0].packets != 0 &&
      totals_[1].packets != 0)
    state_ = flow_state::established;
}

void flow::swap_sides() noexcept {
  swap_without_session();
  if (session)
    session->swap_sides();
}

void flow::swap_without_session() noexcept {
  tuple_ = tuple_.reversed();
  client_is_high_ = !client_is_high_;
  std::swap(totals_[0], totals_[1]);
  std::swap(tcp_flags_[0], tcp_flags_[1]);
  std::swap(app_protocol_by_way_[0], app_protocol_by_way_[1]);
}

} // namespace cresset::detect::flow
