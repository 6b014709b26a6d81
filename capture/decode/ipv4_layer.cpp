#include "capture/decode/ipv4_layer.hpp"

#include "capture/decode/ipv4_view.hpp"

#include <algorithm>

namespace cresset::capture::decode {
namespace {

// IANA "IP Option Numbers", as type bytes.
enum : std::uint8_t {
  option_end = 0,
  option_no_operation = 1,
  option_record_route = 7,
  option_timestamp = 68,
  option_traceroute = 82,
  option_security = 130,
  option_loose_source_route = 131,
  option_extended_security = 133,
  option_commercial_security = 134,
  option_stream_id = 136,
  option_strict_source_route = 137,
  option_router_alert = 148,
};

bool damaged(decoded_packet& packet, decode_event event) noexcept {
  packet.add_event(event);
  packet.status = decode_status::damaged_network;
  return false;
}

// Routes are lists of addresses behind type, length and pointer; the pointer counts from 1 and
// stops one past the end.
bool is_route_well_formed(byte_view option) noexcept {
  if (option.size() < 3)
    return false;
  const auto pointer = u8_at(option, 2);
  return pointer >= 4 && pointer % 4 == 0 && pointer <= option.size() + 1;
}

bool is_timestamp_well_formed(byte_view option) noexcept {
  if (option.size() < 4)
    return false;
  const auto pointer = u8_at(option, 2);
  const auto flag = u8_at(option, 3) & 0x0fU;
  return pointer >= 5 && pointer <= option.size() + 1 && (flag == 0 || flag == 1 || flag == 3);
}

void check_option(byte_view option, decoded_packet& packet) noexcept {
  switch (u8_at(option, 0)) {
  case option_record_route:
  case option_loose_source_route:
  case option_strict_source_route:
    if (option.size() % 4 != 3)
      packet.add_event(decode_event::ipv4_opt_invalid_len);
    else if (!is_route_well_formed(option))
      packet.add_event(decode_event::ipv4_opt_malformed);
    break;
  case option_timestamp:
    if (option.size() < 8 || option.size() % 4 != 0)
      packet.add_event(decode_event::ipv4_opt_invalid_len);
    else if (!is_timestamp_well_formed(option))
      packet.add_event(decode_event::ipv4_opt_malformed);
    break;
  case option_stream_id:
  case option_router_alert:
    if (option.size() != 4)
      packet.add_event(decode_event::ipv4_opt_invalid_len);
    break;
  case option_security:
  case option_extended_security:
    if (option.size() < 3)
      packet.add_event(decode_event::ipv4_opt_invalid_len);
    break;
  case option_commercial_security:
    // Type, length, domain of interpretation (4), then at least one tag of type and length.
    if (option.size() < 8)
      packet.add_event(decode_event::ipv4_opt_invalid_len);
    break;
  case option_traceroute:
    if (option.size() != 12)
      packet.add_event(decode_event::ipv4_opt_invalid_len);
    break;
  default: packet.add_event(decode_event::ipv4_opt_unknown); break;
  }
}

void keep_option(decoded_packet& packet, std::size_t offset, std::size_t size) noexcept {
  const ipv4_option option{u8_at(packet.network_header, offset), static_cast<std::uint8_t>(offset),
                           static_cast<std::uint8_t>(size)};
  if (option.type != option_no_operation && option.type != option_end)
    for (const auto& seen : packet.ipv4_options())
      if (seen.type == option.type)
        packet.add_event(decode_event::ipv4_opt_duplicate);
  if (packet.ipv4_option_count < decoded_packet::limit_ipv4_options)
    packet.ipv4_option_list[packet.ipv4_option_count++] = option;
}

// What is wrong with options is an event; the packet stands, as routers pass it on too.
void read_options(decoded_packet& packet) noexcept {
  const auto header = packet.network_header;
  std::size_t at = ipv4_view::header_size;
  while (at < header.size()) {
    const auto type = u8_at(header, at);
    if (type == option_end || type == option_no_operation) {
      keep_option(packet, at, 1);
      if (type == option_end)
        return;
      ++at;
      continue;
    }
    if (at + 1 == header.size())
      return packet.add_event(decode_event::ipv4_opt_invalid);
    const std::size_t size = u8_at(header, at + 1);
    if (size < 2 || size > header.size() - at)
      return packet.add_event(decode_event::ipv4_opt_invalid_len);
    check_option(header.subspan(at, size), packet);
    keep_option(packet, at, size);
    at += size;
  }
}

void keep_fixed_fields(const ipv4_view& view, decoded_packet& packet) noexcept {
  packet.ip_version = 4;
  packet.ttl = view.ttl();
  packet.traffic_class = view.tos();
  packet.ip_id = view.id();
  packet.reserved_bit = view.reserved_bit();
  packet.dont_fragment = view.dont_fragment();
  packet.more_fragments = view.more_fragments();
  packet.fragment_offset_bytes = view.fragment_offset_bytes();
  packet.is_fragment = packet.more_fragments || packet.fragment_offset_bytes != 0;
  packet.tuple.source = view.source();
  packet.tuple.destination = view.destination();
  packet.tuple.protocol = view.protocol();
}

} // namespace

bool read_ipv4(layer_step step, decoded_packet& packet) noexcept {
  const auto view = ipv4_view::from(step.bytes);
  if (!view)
    return damaged(packet, decode_event::ipv4_pkt_too_small);
  if (view->version() != 4)
    return damaged(packet, decode_event::ipv4_wrong_ip_version);
  const auto header_length = view->header_length();
  const auto total_length = view->total_length();
  if (header_length < ipv4_view::header_size)
    return damaged(packet, decode_event::ipv4_hlen_too_small);
  if (total_length < header_length)
    return damaged(packet, decode_event::ipv4_iplen_smaller_than_hlen);
  keep_fixed_fields(*view, packet);
  if (step.type == vj_uncompressed)
    packet.tuple.protocol = ip_protocol::tcp;
  if (total_length > step.bytes.size()) {
    packet.network = step.bytes;
    packet.network_header = step.bytes.first(std::min(header_length, step.bytes.size()));
    return damaged(packet, decode_event::ipv4_trunc_pkt);
  }
  packet.network = step.bytes.first(total_length);
  packet.network_header = packet.network.first(header_length);
  packet.payload = packet.network.subspan(header_length);
  if (header_length > ipv4_view::header_size)
    read_options(packet);
  if (packet.is_fragment)
    packet.status = decode_status::fragment;
  return !packet.is_fragment;
}

} // namespace cresset::capture::decode
