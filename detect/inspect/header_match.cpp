#include "detect/inspect/header_match.hpp"

namespace cresset::detect::inspect {
namespace {

bool transport_matches(const rule::header& header, const subject& on) noexcept {
  using rule::transport;
  const auto is = [&](ip_protocol p) { return on.tuple.protocol == p; };
  const bool v4 = on.tuple.source.is_v4();
  switch (header.transport) {
  case transport::ip: return true;
  case transport::ipv4: return v4;
  case transport::ipv6: return !v4;
  case transport::tcp: return is(ip_protocol::tcp);
  case transport::udp: return is(ip_protocol::udp);
  case transport::icmp: return is(ip_protocol::icmp) || is(ip_protocol::icmpv6);
  case transport::icmpv4: return is(ip_protocol::icmp);
  case transport::icmpv6: return is(ip_protocol::icmpv6);
  case transport::sctp: return is(ip_protocol::sctp);
  case transport::other: return static_cast<std::uint8_t>(on.tuple.protocol) == header.ip_protocol;
  }
  return false;
}

bool ends_match(const rule::header& header, const five_tuple& t) noexcept {
  const bool has_ports = t.protocol == ip_protocol::tcp || t.protocol == ip_protocol::udp ||
                         t.protocol == ip_protocol::sctp;
  if (has_ports) {
    if (!header.destination_port->contains(t.destination_port) ||
        !header.source_port->contains(t.source_port))
      return false;
  } else if (!header.has_any_port() && header.transport != rule::transport::ip) {
    return false;
  }
  return header.source->contains(t.source) && header.destination->contains(t.destination);
}

} // namespace

bool header_matches(const rule::header& header, const subject& on) noexcept {
  if (!transport_matches(header, on))
    return false;
  if (ends_match(header, on.tuple))
    return true;
  return header.direction == rule::header_direction::both_ways &&
         ends_match(header, on.tuple.reversed());
}

bool flow_matches(const rule::options::flow& wanted, const subject& on) noexcept {
  using rule::options::flow;
  if (wanted.from != flow::fragment::any && on.packet != nullptr) {
    const bool fragment = on.packet->is_fragment;
    if (fragment != (wanted.from == flow::fragment::only_frag))
      return false;
  }
  if (wanted.direction) {
    if (on.flow == nullptr)
      return false;
    const bool to_server = *wanted.direction == rule::options::way::to_server;
    if (to_server != (on.way == proto::direction::to_server))
      return false;
  }
  switch (wanted.is) {
  case flow::state::any:
  case flow::state::stateless: return true;
  case flow::state::established:
  case flow::state::not_established: break;
  }
  if (on.flow == nullptr)
    return wanted.is == flow::state::not_established;
  const bool established = on.is_tcp() ? on.flow->session && on.flow->session->is_established()
                                       : on.flow->state() != detect::flow::flow_state::new_flow;
  return established == (wanted.is == flow::state::established);
}

bool protocol_matches(const signature& s, const subject& on) noexcept {
  if (s.protocols.none())
    return true;
  if (on.flow == nullptr)
    return false;
  const auto known = proto::app_protocol_from(on.flow->app_protocol());
  return known && s.protocols.test(static_cast<std::size_t>(*known));
}

} // namespace cresset::detect::inspect
