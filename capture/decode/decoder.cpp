#include "capture/decode/decoder.hpp"

#include "capture/decode/ipv4_layer.hpp"
#include "capture/decode/ipv6_layer.hpp"
#include "capture/decode/link_layer.hpp"
#include "capture/decode/transport_layer.hpp"
#include "capture/decode/tunnel.hpp"

#include <cassert>
#include <memory>
#include <utility>

// One packet: link layers, network layer, transport layer, then a look for a tunnel. What a tunnel
// carries is read the same way into the next decoded_packet, so that rules see it as the packet it
// is; the outer one stays beside it.

namespace cresset::capture::decode {
namespace {

// Reads one packet and answers whether a tunnel may lie behind its headers.
bool read_one(layer_step step, decoded_packet& packet) noexcept {
  step = read_link_layers(step, packet);
  if (step.next == layer::end)
    return false;
  const bool has_upper =
      step.next == layer::ipv4 ? read_ipv4(step, packet) : read_ipv6(step, packet);
  if (has_upper)
    read_transport(packet);
  return has_upper;
}

void inherit_vlans(const decoded_packet& from, decoded_packet& to) noexcept {
  to.vlan_ids = from.vlan_ids;
  to.vlan_count = from.vlan_count;
}

// Where an inner packet starts: what it knows of its tunnel before its own first header is read.
void begin_inner(const decoded_packet& outer, const tunnel_content& content,
                 decoded_packet& inner) noexcept {
  std::construct_at(&inner);
  inner.frame = content.step.bytes;
  inner.carrier_bytes = content.carrier_bytes;
  inner.link = content.step.next == layer::ethernet ? link_type::ethernet : link_type::raw;
  inner.tunnel = content.kind;
  inner.tunnel_depth = static_cast<std::uint8_t>(outer.tunnel_depth + 1);
  if (content.vlan_id)
    inner.vlan_ids[inner.vlan_count++] = *content.vlan_id;
}

} // namespace

decoder::decoder(decoder_settings settings) : settings_{std::move(settings)} {}

std::size_t decoder::decode(byte_view frame, link_type link,
                            std::span<decoded_packet> out) noexcept {
  assert(!out.empty());
  auto& packet = out[0];
  std::construct_at(&packet);
  packet.frame = frame;
  packet.link = link;
  counters_.packets.add();
  counters_.bytes.add(frame.size());
  return read_all(first_layer(frame, link, packet), out);
}

std::size_t decoder::decode_network(byte_view datagram, const decoded_packet& last_fragment,
                                    std::span<decoded_packet> out) noexcept {
  assert(!out.empty());
  // The fragment may lie in the very place that is about to be written.
  decoded_packet whole;
  whole.frame = last_fragment.frame;
  whole.link = last_fragment.link;
  whole.has_ethernet = last_fragment.has_ethernet;
  whole.ethernet_source = last_fragment.ethernet_source;
  whole.ethernet_destination = last_fragment.ethernet_destination;
  whole.ethertype = last_fragment.ethertype;
  whole.tunnel = last_fragment.tunnel;
  whole.tunnel_depth = last_fragment.tunnel_depth;
  inherit_vlans(last_fragment, whole);
  out[0] = whole;
  counters_.reassembled.add();
  return read_all({layer::raw_ip, 0, datagram}, out);
}

std::size_t decoder::read_all(layer_step step, std::span<decoded_packet> out) noexcept {
  std::size_t packets = 0;
  for (;;) {
    auto& packet = out[packets++];
    std::optional<tunnel_content> inner;
    if (read_one(step, packet))
      inner = find_tunnel(packet, settings_);
    if (packets > 1 && packet.vlan_count == 0)
      inherit_vlans(out[packets - 2], packet);
    packet.carries_inner =
        inner && packets < out.size() && packet.tunnel_depth + 1U < limit_packets;
    if (inner && !packet.carries_inner) {
      packet.add_event(decode_event::too_many_layers);
      counters_.tunnels_refused.add();
    }
    count(packet);
    if (!packet.carries_inner)
      return packets;
    begin_inner(packet, *inner, out[packets]);
    step = inner->step;
  }
}

void decoder::count(const decoded_packet& packet) noexcept {
  if (packet.is_in_tunnel())
    counters_.inner_packets.add();
  counters_.by_status[static_cast<std::size_t>(packet.status)].add();
  for (const auto event : packet.events())
    counters_.by_event[static_cast<std::size_t>(event)].add();
  if (packet.ip_version == 4)
    counters_.ipv4.add();
  else if (packet.ip_version == 6)
    counters_.ipv6.add();
  if (packet.is_fragment)
    counters_.fragments.add();
  if (packet.is_tcp())
    counters_.tcp.add();
  else if (packet.is_udp())
    counters_.udp.add();
  else if (packet.is_icmp())
    (packet.ip_version == 4 ? counters_.icmpv4 : counters_.icmpv6).add();
  else if (packet.tuple.protocol == ip_protocol::sctp && !packet.transport_header.empty())
    counters_.sctp.add();
  if (packet.vlan_count != 0)
    counters_.vlan.add();
  if (packet.tunnel != tunnel_kind::none)
    counters_.by_tunnel[static_cast<std::size_t>(packet.tunnel)].add();
}

} // namespace cresset::capture::decode
