#include "capture/decode/ipv6_layer.hpp"

#include "capture/decode/ipv6_options.hpp"
#include "capture/decode/ipv6_view.hpp"

#include <algorithm>

// The chain: every extension header begins with the number of the next, and all but the fragment
// header with their own length in its second byte, in units of 8 bytes beyond the first 8 (AH: of 4
// beyond the first 8, RFC 4302 2.2).
//
//   +-------------+--------+---------------------
//   | next header | length | …
//
// A walker holds the place in the chain. Each reader checks one header, moves it on, and says
// whether to go on.

namespace cresset::capture::decode {
namespace {

constexpr auto no_next = static_cast<std::uint8_t>(ip_protocol::ipv6_no_next);

struct walker {
  decoded_packet& packet;
  std::uint8_t next;
  byte_view rest;
  unsigned destination_headers = 0;
};

enum class verdict { go_on, transport, stop };

verdict damaged(decoded_packet& packet, decode_event event) noexcept {
  packet.add_event(event);
  packet.status = decode_status::damaged_network;
  return verdict::stop;
}

void mark(walker& chain, ipv6_extension kind, decode_event duplicate) noexcept {
  if ((chain.packet.ipv6_extensions & kind) != 0)
    chain.packet.add_event(duplicate);
  chain.packet.ipv6_extensions |= kind;
}

// Answers the header's bytes and moves on, or nothing when it is cut short.
byte_view take(walker& chain, std::size_t length) noexcept {
  if (chain.rest.size() < length)
    return {};
  const auto header = chain.rest.first(length);
  chain.next = u8_at(header, 0);
  chain.rest = chain.rest.subspan(length);
  return header;
}

byte_view take_with_length(walker& chain) noexcept {
  if (chain.rest.size() < 8)
    return {};
  return take(chain, (u8_at(chain.rest, 1) + std::size_t{1}) * 8);
}

verdict read_options_header(walker& chain, bool is_hop_by_hop) noexcept {
  if (is_hop_by_hop)
    mark(chain, ipv6_has_hop_by_hop, decode_event::ipv6_exthdr_dupl_hh);
  else if (++chain.destination_headers >
           2) // one before a routing header and one behind it are in order
    chain.packet.add_event(decode_event::ipv6_exthdr_dupl_dh);
  else
    chain.packet.ipv6_extensions |= ipv6_has_destination;
  const auto header = take_with_length(chain);
  if (header.empty())
    return damaged(chain.packet, decode_event::ipv6_trunc_exthdr);
  check_ipv6_options(header.subspan(2), is_hop_by_hop, chain.packet);
  return verdict::go_on;
}

verdict read_routing(walker& chain) noexcept {
  mark(chain, ipv6_has_routing, decode_event::ipv6_exthdr_dupl_rh);
  const auto header = take_with_length(chain);
  if (header.empty())
    return damaged(chain.packet, decode_event::ipv6_trunc_exthdr);
  if (u8_at(header, 2) == 0)
    chain.packet.add_event(decode_event::ipv6_rh_type_0);
  if (u8_at(header, 3) != 0)
    chain.packet.has_stations_left = true;
  return verdict::go_on;
}

// Next header 8, reserved 8, offset 13, reserved 2, M 1, identification 32 (RFC 8200 4.5).
verdict read_fragment(walker& chain) noexcept {
  auto& packet = chain.packet;
  const bool is_second = (packet.ipv6_extensions & ipv6_has_fragment) != 0;
  mark(chain, ipv6_has_fragment, decode_event::ipv6_exthdr_dupl_fh);
  const auto before = packet.network.size() - chain.rest.size();
  const auto header = take(chain, 8);
  if (header.empty())
    return damaged(packet, decode_event::ipv6_trunc_exthdr);
  const auto offset_field = be16_at(header, 2);
  if (u8_at(header, 1) != 0 || (offset_field & 0x6U) != 0)
    packet.add_event(decode_event::ipv6_fh_non_zero_reserved_field);
  const bool more = (offset_field & 1U) != 0;
  const auto offset = static_cast<std::uint16_t>(offset_field & 0xfff8U);
  if (!more && offset == 0) {
    // A fragment of its own (RFC 6946): whole already, and it takes part in no reassembly.
    packet.add_event(decode_event::ipv6_exthdr_useless_fh);
    if (!is_second)
      packet.ip_id = be32_at(header, 4);
    return verdict::go_on;
  }
  packet.is_fragment = true;
  packet.more_fragments = more;
  packet.fragment_offset_bytes = offset;
  packet.ip_id = be32_at(header, 4);
  packet.unfragmentable = packet.network.first(before);
  if (more && chain.rest.size() % 8 != 0)
    packet.add_event(decode_event::ipv6_frag_invalid_length);
  packet.status = decode_status::fragment;
  return verdict::stop;
}

verdict read_authentication(walker& chain) noexcept {
  mark(chain, ipv6_has_authentication, decode_event::ipv6_exthdr_dupl_ah);
  if (chain.rest.size() < 8)
    return damaged(chain.packet, decode_event::ipv6_trunc_exthdr);
  const auto header = take(chain, (u8_at(chain.rest, 1) + std::size_t{2}) * 4);
  if (header.empty())
    return damaged(chain.packet, decode_event::ipv6_trunc_exthdr);
  if (header.size() >= 4 && be16_at(header, 2) != 0)
    chain.packet.add_event(decode_event::ipv6_exthdr_ah_res_not_null);
  return verdict::go_on;
}

verdict read_no_next(walker& chain) noexcept {
  chain.packet.ipv6_extensions |= ipv6_has_no_next;
  if (!chain.rest.empty())
    chain.packet.add_event(decode_event::ipv6_data_after_none_header);
  chain.packet.status = decode_status::no_transport;
  return verdict::stop;
}

verdict read_one(walker& chain) noexcept {
  switch (static_cast<ip_protocol>(chain.next)) {
  case ip_protocol::hop_by_hop: return read_options_header(chain, true);
  case ip_protocol::ipv6_destination: return read_options_header(chain, false);
  case ip_protocol::ipv6_routing: return read_routing(chain);
  case ip_protocol::ipv6_fragment: return read_fragment(chain);
  case ip_protocol::ah: return read_authentication(chain);
  case ip_protocol::ipv6_no_next: return read_no_next(chain);
  case ip_protocol::esp: chain.packet.ipv6_extensions |= ipv6_has_esp; return verdict::transport;
  default: return verdict::transport;
  }
}

bool walk(decoded_packet& packet, std::uint8_t next) noexcept {
  walker chain{packet, next, packet.network.subspan(ipv6_view::header_size)};
  auto now = verdict::go_on;
  for (unsigned headers = 0; headers < limit_ipv6_extensions && now == verdict::go_on; ++headers) {
    // A header that names another and leaves no room for even its first two bytes promises what is not there.
    const bool promises_nothing = headers > 0 && chain.rest.size() < 2 && chain.next != no_next;
    now = promises_nothing ? damaged(packet, decode_event::ipv6_trunc_exthdr) : read_one(chain);
  }
  if (now == verdict::go_on) {
    packet.add_event(decode_event::too_many_layers);
    packet.status = decode_status::too_many_layers;
  }
  packet.tuple.protocol = static_cast<ip_protocol>(chain.next);
  packet.network_header = packet.network.first(packet.network.size() - chain.rest.size());
  packet.payload = chain.rest;
  return now == verdict::transport;
}

void keep_fixed_fields(const ipv6_view& view, decoded_packet& packet) noexcept {
  packet.ip_version = 6;
  packet.ttl = view.hop_limit();
  packet.traffic_class = view.traffic_class();
  packet.ipv6_flow_label = view.flow_label();
  packet.tuple.source = view.source();
  packet.tuple.destination = view.destination();
  packet.tuple.protocol = static_cast<ip_protocol>(view.next_header());
}

} // namespace

bool read_ipv6(layer_step step, decoded_packet& packet) noexcept {
  const auto view = ipv6_view::from(step.bytes);
  if (!view) {
    damaged(packet, decode_event::ipv6_pkt_too_small);
    return false;
  }
  if (view->version() != 6) {
    damaged(packet, decode_event::ipv6_wrong_ip_version);
    return false;
  }
  keep_fixed_fields(*view, packet);
  auto length = ipv6_view::header_size + view->payload_length();
  // Jumbograms (RFC 2675) and segments the capturing host has not cut yet say 0: all that is there
  // belongs to them.
  if (view->payload_length() == 0 &&
      (view->next_header() == 0 ||
       view->next_header() == static_cast<std::uint8_t>(ip_protocol::tcp)))
    length = step.bytes.size();
  if (length > step.bytes.size()) {
    packet.network = step.bytes;
    packet.network_header = step.bytes.first(ipv6_view::header_size);
    damaged(packet, decode_event::ipv6_trunc_pkt);
    return false;
  }
  packet.network = step.bytes.first(length);
  return walk(packet, view->next_header());
}

} // namespace cresset::capture::decode
