// A gate never refuses what header_matches, flow_matches and protocol_matches would take; it takes
// more only where `is_whole` is not set.
#include "detect/inspect/gate.hpp"

#include <algorithm>
#include <array>

namespace cresset::detect::inspect {
namespace {

using rule::options::flow;

// Bits of transports: six kinds over IPv4, and the same over IPv6.
enum kind : unsigned { tcp, udp, icmp, icmpv6, sctp, other, kinds };
constexpr std::uint16_t bit(unsigned n) noexcept {
  return static_cast<std::uint16_t>(1U << n);
}
constexpr std::uint16_t either(kind k) noexcept {
  return static_cast<std::uint16_t>(bit(k) | bit(k + kinds));
}
constexpr std::uint16_t all_v4 = bit(kinds) - 1;
constexpr std::uint16_t all_v6 = all_v4 << kinds;

constexpr std::uint8_t without_flow = 4; // the third way: a packet that belongs to no flow
constexpr std::uint8_t is_established = 1, is_not_established = 2;

std::uint16_t transports_of(const rule::header& header) noexcept {
  using rule::transport;
  switch (header.transport) {
  case transport::ip: return all_v4 | all_v6;
  case transport::ipv4: return all_v4;
  case transport::ipv6: return all_v6;
  case transport::tcp: return either(tcp);
  case transport::udp: return either(udp);
  case transport::icmp: return either(icmp) | either(icmpv6);
  case transport::icmpv4: return either(icmp);
  case transport::icmpv6: return either(icmpv6);
  case transport::sctp: return either(sctp);
  case transport::other: break; // whatever its number is called
  }
  return all_v4 | all_v6;
}

bool asks_for_state(const signature& s) noexcept {
  using rule::options::flowint;
  return std::any_of(s.conditions.begin(), s.conditions.end(), [](const ready_condition& c) {
    const auto* bits = std::get_if<rule::options::flowbits>(c.source);
    const auto* number = std::get_if<flowint>(c.source);
    return (bits != nullptr && bits->what == rule::options::bit_action::isset) ||
           (number != nullptr && number->what != flowint::action::isnotset);
  });
}

/// The transports of which a packet can have that field or buffer at all.
std::uint16_t transports_with(std::string_view name) noexcept {
  struct owner {
    std::string_view name;
    std::uint16_t transports;
  };
  static constexpr std::uint16_t icmps = either(icmp) | either(icmpv6);
  static constexpr std::array<owner, 16> owners{{{"ipv4-csum", all_v4},
                                                 {"tcpv4-csum", bit(tcp)},
                                                 {"tcpv6-csum", bit(tcp + kinds)},
                                                 {"udpv4-csum", bit(udp)},
                                                 {"udpv6-csum", bit(udp + kinds)},
                                                 {"icmpv4-csum", icmps & all_v4},
                                                 {"icmpv6-csum", icmps & all_v6},
                                                 {"itype", icmps},
                                                 {"icode", icmps},
                                                 {"icmp_id", icmps},
                                                 {"icmp_seq", icmps},
                                                 {"ipv4.hdr", all_v4},
                                                 {"ipv6.hdr", all_v6},
                                                 {"tcp.hdr", either(tcp)},
                                                 {"udp.hdr", either(udp)},
                                                 {"tcp.flags", either(tcp)}}};
  const auto found =
      std::find_if(owners.begin(), owners.end(), [&](const owner& o) { return o.name == name; });
  return found == owners.end() ? all_v4 | all_v6 : found->transports;
}

kind kind_of(ip_protocol protocol) noexcept {
  switch (protocol) {
  case ip_protocol::tcp: return tcp;
  case ip_protocol::udp: return udp;
  case ip_protocol::icmp: return icmp;
  case ip_protocol::icmpv6: return icmpv6;
  case ip_protocol::sctp: return sctp;
  default: return other;
  }
}

std::uint16_t transport_of(const five_tuple& t) noexcept {
  const auto k = kind_of(t.protocol);
  return bit(k + (t.source.is_v4() ? 0U : kinds));
}

/// What the options leave of the header's transports.
std::uint16_t transports_of(const signature& s) noexcept {
  auto left = transports_of(s.source->header);
  for (const auto& c : s.conditions) {
    if (const auto* number = std::get_if<rule::options::number_match>(c.source)) {
      left &= transports_with(number->field);
      if (number->field == "ip_proto" && number->test.is_exact() && number->test.least <= 255)
        left &= either(kind_of(static_cast<ip_protocol>(number->test.least)));
    } else if (const auto* bits = std::get_if<rule::options::bits_match>(c.source)) {
      left &= transports_with(bits->field);
    } else if (const auto* there = std::get_if<rule::options::presence>(c.source);
               there != nullptr && !there->negated) {
      left &= transports_with(there->field);
    }
  }
  for (const auto& one : s.sections)
    if (one.source->keyword->source == rule::payload::buffer_source::packet)
      left &= transports_with(one.source->name());
  return left;
}

} // namespace

void gates::add(const signature& s) {
  const auto& header = s.source->header;
  gate made;
  made.protocols = s.protocols.none() ? ~std::uint64_t{0} : s.protocols.to_ullong();
  made.source_ports = ports_.add(header.source_port);
  made.destination_ports = ports_.add(header.destination_port);
  made.transports = transports_of(s);
  made.ways = static_cast<std::uint8_t>((s.ways[0] ? 1 : 0) | (s.ways[1] ? 2 : 0) | without_flow);
  made.states = is_established | is_not_established;
  made.both_ways = header.direction == rule::header_direction::both_ways;
  made.takes_portless = header.transport == rule::transport::ip;
  made.needs_state = asks_for_state(s);
  made.is_whole = header.has_any_address() && header.transport != rule::transport::other;
  if (const auto& wanted = s.source->flow) {
    if (wanted->direction)
      made.ways &= *wanted->direction == rule::options::way::to_server ? 1 : 2;
    if (wanted->is == flow::state::established)
      made.states = is_established;
    else if (wanted->is == flow::state::not_established)
      made.states = is_not_established;
    made.is_whole = made.is_whole && wanted->from == flow::fragment::any;
  }
  gates_.push_back(made);
  probes_.push_back(make_probe(s));
}

bool gates::is_tcp(const traffic& t) noexcept {
  return (t.transport & either(tcp)) != 0;
}

traffic gates::of(const subject& on, proto::app_protocol protocol) const noexcept {
  traffic t;
  t.protocol = on.flow == nullptr || protocol == proto::app_protocol::unknown
                   ? no_protocol
                   : std::uint64_t{1} << static_cast<unsigned>(protocol);
  const auto over = on.tuple.protocol;
  if (over == ip_protocol::tcp || over == ip_protocol::udp || over == ip_protocol::sctp) {
    t.source_ports = ports_.class_of(on.tuple.source_port);
    t.destination_ports = ports_.class_of(on.tuple.destination_port);
  }
  t.transport = transport_of(on.tuple);
  t.way = on.flow == nullptr ? without_flow : on.way == proto::direction::to_server ? 1 : 2;
  const bool established =
      on.flow != nullptr && (on.is_tcp() ? on.flow->session && on.flow->session->is_established()
                                         : on.flow->state() != detect::flow::flow_state::new_flow);
  t.state = established ? is_established : is_not_established;
  return t;
}

} // namespace cresset::detect::inspect
