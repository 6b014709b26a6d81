#include "detect/inspect/packet_field.hpp"

#include "capture/decode/checksum.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <span>
#include <utility>

namespace cresset::detect::inspect {
namespace {

using side = rule::options::number_match::side;
using result = std::optional<std::uint64_t>;
using proto::direction;

/// A number of the IP header.
template <auto Read>
result of_ip(const subject& on, side) noexcept {
  if (on.packet == nullptr || !on.packet->is_ip())
    return std::nullopt;
  return static_cast<std::uint64_t>(Read(*on.packet));
}

template <auto Read>
result of_tcp(const subject& on, side) noexcept {
  if (on.packet == nullptr || !on.packet->is_tcp())
    return std::nullopt;
  const auto value = Read(*on.packet->tcp);
  if constexpr (requires { value.has_value(); })
    return value ? result{*value} : std::nullopt;
  else
    return static_cast<std::uint64_t>(value);
}

template <auto Read>
result of_icmp(const subject& on, side) noexcept {
  if (on.packet == nullptr || !on.packet->is_icmp())
    return std::nullopt;
  const auto value = Read(*on.packet->icmp);
  if constexpr (requires { value.has_value(); })
    return value ? result{*value} : std::nullopt;
  else
    return static_cast<std::uint64_t>(value);
}

template <auto Read>
result of_flow(const subject& on, side which) noexcept {
  if (on.flow == nullptr)
    return std::nullopt;
  return Read(*on.flow, which);
}

std::uint64_t total(const flow::flow& f, side which,
                    std::uint64_t flow::flow_totals::*count) noexcept {
  const auto ts = f.totals(direction::to_server).*count, tc = f.totals(direction::to_client).*count;
  return which == side::to_server ? ts : which == side::to_client ? tc : ts + tc;
}

namespace decode = capture::decode;
using decode::decoded_packet;
using decode::icmp_fields;
using decode::tcp_fields;

result payload_size(const subject& on, side) noexcept {
  if (on.packet == nullptr || !on.packet->is_ip())
    return std::nullopt;
  return on.packet->payload.size();
}
result same_address(const subject& on, side) noexcept {
  if (on.packet == nullptr || !on.packet->is_ip())
    return std::nullopt;
  return on.tuple.source == on.tuple.destination ? 1 : 0;
}
result vlan_layers(const subject& on, side) noexcept {
  return on.packet == nullptr ? std::nullopt : result{on.packet->vlan_count};
}
result vlan_id(const subject& on, side) noexcept {
  return on.packet == nullptr || on.packet->vlan_count == 0 ? std::nullopt
                                                            : result{on.packet->vlan_ids[0]};
}

/// `vlan.id:<300,1` (manual: VLAN keywords): any layer, all of them, or one counted from the
/// outside, or from the inside when negative.
bool judge_vlans(const rule::options::number_match& number, const decoded_packet& packet) noexcept {
  using choice = rule::options::instance_choice::kind;
  const std::span ids{packet.vlan_ids.data(), packet.vlan_count};
  const auto fits = [&](std::uint16_t id) { return number.test(id); };
  const auto index = number.instances.index;
  const auto at = index < 0 ? static_cast<std::int64_t>(ids.size()) + index : std::int64_t{index};
  switch (number.instances.which) {
  case choice::any: return std::any_of(ids.begin(), ids.end(), fits);
  case choice::all: return !ids.empty() && std::all_of(ids.begin(), ids.end(), fits);
  case choice::all_or_absent: return std::all_of(ids.begin(), ids.end(), fits);
  case choice::absent_or_any: return ids.empty() || std::any_of(ids.begin(), ids.end(), fits);
  case choice::absent: return ids.empty();
  case choice::nth:
    return at >= 0 && at < static_cast<std::int64_t>(ids.size()) &&
           fits(ids[static_cast<std::size_t>(at)]);
  case choice::count: return number.test(ids.size());
  }
  return false;
}

/// The options of an IPv4 header, as bits of the rule option `ipopts` (RFC 791 3.1; RFC 1108).
result ip_options(const subject& on, side) noexcept {
  if (on.packet == nullptr || on.packet->ip_version != 4)
    return std::nullopt;
  static constexpr std::pair<std::uint8_t, std::uint64_t> bits[] = {
      {7, 1 << 0},   {131, 1 << 1}, {0, 1 << 2},   {1, 1 << 3},  {68, 1 << 4},
      {130, 1 << 5}, {137, 1 << 6}, {136, 1 << 7}, {133, 1 << 8}};
  std::uint64_t there = 0;
  for (const auto& option : on.packet->ipv4_options()) {
    there |= 1U << 15U; // "any" asks for one of whatever kind
    for (const auto& [type, bit] : bits)
      if (option.type == type)
        there |= bit;
  }
  return there;
}
/// 1 when the checksum is wrong; nothing when the packet has none of this kind.
template <auto Check, bool (*Applies)(const decoded_packet&)>
result wrong_checksum(const subject& on, side) noexcept {
  if (on.packet == nullptr || !Applies(*on.packet))
    return std::nullopt;
  const auto state = Check(*on.packet);
  if (state == decode::checksum_state::absent)
    return std::nullopt;
  return state == decode::checksum_state::wrong ? 1 : 0;
}
bool is_v4(const decoded_packet& p) {
  return p.ip_version == 4;
}
bool is_v4_tcp(const decoded_packet& p) {
  return p.ip_version == 4 && p.is_tcp();
}
bool is_v6_tcp(const decoded_packet& p) {
  return p.ip_version == 6 && p.is_tcp();
}
bool is_v4_udp(const decoded_packet& p) {
  return p.ip_version == 4 && p.is_udp();
}
bool is_v6_udp(const decoded_packet& p) {
  return p.ip_version == 6 && p.is_udp();
}
bool is_v4_icmp(const decoded_packet& p) {
  return p.ip_version == 4 && p.is_icmp();
}
bool is_v6_icmp(const decoded_packet& p) {
  return p.ip_version == 6 && p.is_icmp();
}

constexpr auto fragment_bits = [](const decoded_packet& p) {
  return (p.more_fragments ? 1U : 0U) | (p.dont_fragment ? 2U : 0U) | (p.reserved_bit ? 4U : 0U);
};

constexpr std::array<packet_field, 37> fields{{
    {"ttl", of_ip<[](const decoded_packet& p) { return p.ttl; }>},
    {"tos", of_ip<[](const decoded_packet& p) { return p.traffic_class; }>},
    {"id", of_ip<[](const decoded_packet& p) { return p.ip_id; }>},
    {"ip_proto",
     of_ip<[](const decoded_packet& p) { return static_cast<unsigned>(p.tuple.protocol); }>},
    {"fragbits", of_ip<fragment_bits>},
    {"ipopts", ip_options},
    {"fragoffset", of_ip<[](const decoded_packet& p) { return p.fragment_offset_bytes / 8U; }>},
    {"dsize", payload_size},
    {"sameip", same_address},
    {"l3_proto", of_ip<[](const decoded_packet& p) { return p.ip_version; }>},
    {"vlan.layers", vlan_layers},
    {"vlan.id", vlan_id},
    {"tcp.flags", of_tcp<[](const tcp_fields& t) { return t.flags; }>},
    {"tcp.seq", of_tcp<[](const tcp_fields& t) { return t.sequence; }>},
    {"tcp.ack", of_tcp<[](const tcp_fields& t) { return t.acknowledgement; }>},
    {"tcp.window", of_tcp<[](const tcp_fields& t) { return t.window; }>},
    {"tcp.mss", of_tcp<[](const tcp_fields& t) { return t.options.mss; }>},
    {"tcp.wscale", of_tcp<[](const tcp_fields& t) { return t.options.window_scale; }>},
    {"itype", of_icmp<[](const icmp_fields& i) { return i.type; }>},
    {"icode", of_icmp<[](const icmp_fields& i) { return i.code; }>},
    {"icmp_id", of_icmp<[](const icmp_fields& i) { return i.id; }>},
    {"icmp_seq", of_icmp<[](const icmp_fields& i) { return i.sequence; }>},
    {"icmpv6.mtu", of_icmp<[](const icmp_fields& i) { return i.mtu; }>},
    {"ipv4-csum", wrong_checksum<decode::ipv4_header_checksum, is_v4>},
    {"tcpv4-csum", wrong_checksum<decode::transport_checksum, is_v4_tcp>},
    {"tcpv6-csum", wrong_checksum<decode::transport_checksum, is_v6_tcp>},
    {"udpv4-csum", wrong_checksum<decode::transport_checksum, is_v4_udp>},
    {"udpv6-csum", wrong_checksum<decode::transport_checksum, is_v6_udp>},
    {"icmpv4-csum", wrong_checksum<decode::transport_checksum, is_v4_icmp>},
    {"icmpv6-csum", wrong_checksum<decode::transport_checksum, is_v6_icmp>},
    {"flow.age", of_flow<[](const flow::flow& f, side) -> result {
       return static_cast<std::uint64_t>(
           std::chrono::duration_cast<std::chrono::seconds>(f.last_seen() - f.first_seen())
               .count());
     }>},
    {"flow.pkts", of_flow<[](const flow::flow& f, side s) -> result {
       return total(f, s, &flow::flow_totals::packets);
     }>},
    {"flow.bytes", of_flow<[](const flow::flow& f, side s) -> result {
       return total(f, s, &flow::flow_totals::bytes);
     }>},
    {"flow.pkts_toserver", of_flow<[](const flow::flow& f, side) -> result {
       return total(f, side::to_server, &flow::flow_totals::packets);
     }>},
    {"flow.pkts_toclient", of_flow<[](const flow::flow& f, side) -> result {
       return total(f, side::to_client, &flow::flow_totals::packets);
     }>},
    {"flow.bytes_toserver", of_flow<[](const flow::flow& f, side) -> result {
       return total(f, side::to_server, &flow::flow_totals::bytes);
     }>},
    {"flow.bytes_toclient", of_flow<[](const flow::flow& f, side) -> result {
       return total(f, side::to_client, &flow::flow_totals::bytes);
     }>},
}};

} // namespace

bool packet_field::matches(const packet_field& field, const rule::options::number_match& test,
                           const subject& on) noexcept {
  if (field.value == vlan_id)
    return on.packet != nullptr && judge_vlans(test, *on.packet);
  const auto one = [&](side which) {
    const auto value = field.value(on, which);
    return value && test.test(*value);
  };
  switch (test.of) {
  case side::either: return one(side::to_server) || one(side::to_client);
  case side::both: return one(side::to_server) && one(side::to_client);
  default: return one(test.of);
  }
}

const packet_field* find_packet_field(std::string_view name) noexcept {
  for (const auto& field : fields)
    if (field.name == name && field.value != nullptr)
      return &field;
  return nullptr;
}

std::optional<byte_view> packet_buffer(std::string_view name, const subject& on) noexcept {
  if (on.packet == nullptr || !on.packet->is_ip())
    return std::nullopt;
  const auto& p = *on.packet;
  const auto some = [](bool there, byte_view bytes) {
    return there ? std::optional{bytes} : std::nullopt;
  };
  if (name == "ipv4.hdr")
    return some(p.ip_version == 4, p.network_header);
  if (name == "ipv6.hdr")
    return some(p.ip_version == 6, p.network_header);
  if (name == "tcp.hdr")
    return some(p.is_tcp(), p.transport_header);
  if (name == "udp.hdr")
    return some(p.is_udp(), p.transport_header);
  if (name == "icmpv4.hdr")
    return some(p.is_icmp() && p.ip_version == 4, p.transport_header);
  if (name == "icmpv6.hdr")
    return some(p.is_icmp() && p.ip_version == 6, p.transport_header);
  if (name == "ip.src")
    return some(true, on.tuple.source.bytes());
  if (name == "ip.dst")
    return some(true, on.tuple.destination.bytes());
  return std::nullopt;
}

} // namespace cresset::detect::inspect
