#include "capture/decode/label_layer.hpp"

#include "capture/decode/bytes_at.hpp"
#include "capture/decode/ethernet_view.hpp"

namespace cresset::capture::decode {
namespace {

layer_step refuse(decoded_packet& packet, decode_event event, decode_status status) noexcept {
  packet.add_event(event);
  packet.status = status;
  return {};
}
layer_step damaged(decoded_packet& packet, decode_event event) noexcept {
  return refuse(packet, event, decode_status::damaged_link);
}
layer_step unknown(decoded_packet& packet, decode_event event) noexcept {
  return refuse(packet, event, decode_status::unknown_payload);
}

// Special-purpose labels (IANA "Special-Purpose MPLS Label Values").
constexpr std::uint32_t label_ipv4 = 0;
constexpr std::uint32_t label_router_alert = 1;
constexpr std::uint32_t label_ipv6 = 2;
constexpr std::uint32_t label_implicit_null = 3;
constexpr std::uint32_t label_first_ordinary = 16;

constexpr unsigned limit_labels = 16;

bool looks_like_ethernet(byte_view bytes) noexcept {
  const auto ethernet = ethernet_view::from(bytes);
  if (!ethernet)
    return false;
  switch (ethernet->type()) {
  case ethertype::ipv4:
  case ethertype::ipv6:
  case ethertype::arp:
  case ethertype::vlan:
  case ethertype::provider_bridge:
  case ethertype::mpls:
  case ethertype::pppoe_session:
  case ethertype::pppoe_discovery: return true;
  default: return false;
  }
}

layer_step behind_labels(std::uint32_t label, byte_view bytes, decoded_packet& packet) noexcept {
  constexpr std::size_t control_word_size = 4;
  switch (label) {
  case label_ipv4: return {layer::ipv4, 0, bytes};
  case label_ipv6: return {layer::ipv6, 0, bytes};
  case label_router_alert: return damaged(packet, decode_event::mpls_bad_label_router_alert);
  case label_implicit_null: return damaged(packet, decode_event::mpls_bad_label_implicit_null);
  default: break;
  }
  if (label < label_first_ordinary)
    return damaged(packet, decode_event::mpls_bad_label_reserved);
  if (bytes.empty())
    return damaged(packet, decode_event::mpls_pkt_too_small);
  switch (u8_at(bytes, 0) >> 4) {
  case 4: return {layer::ipv4, 0, bytes};
  case 6: return {layer::ipv6, 0, bytes};
  case 0:
    // A control word, or an address whose first digit is 0 in a pseudowire without one: the
    // EtherType tells.
    if (bytes.size() > control_word_size && !looks_like_ethernet(bytes))
      return {layer::ethernet, 0, bytes.subspan(control_word_size)};
    return {layer::ethernet, 0, bytes};
  default:
    if (looks_like_ethernet(bytes))
      return {layer::ethernet, 0, bytes};
    return unknown(packet, decode_event::mpls_unknown_payload_type);
  }
}

} // namespace

layer_step read_mpls(byte_view bytes, decoded_packet& packet) noexcept {
  for (unsigned labels = 0; labels < limit_labels; ++labels) {
    if (bytes.size() < 4)
      return damaged(packet, decode_event::mpls_header_too_small);
    const auto entry = be32_at(bytes, 0);
    bytes = bytes.subspan(4);
    const bool is_bottom = (entry & 0x100U) != 0;
    if (is_bottom)
      return behind_labels(entry >> 12, bytes, packet);
  }
  return refuse(packet, decode_event::too_many_layers, decode_status::too_many_layers);
}

layer_step read_backbone_bridge(byte_view bytes, decoded_packet& packet) noexcept {
  constexpr std::size_t tag_size = 4;
  if (bytes.size() < tag_size + ethernet_view::header_size)
    return damaged(packet, decode_event::ieee8021ah_header_too_small);
  return {layer::ethernet, 0, bytes.subspan(tag_size)};
}

layer_step read_vntag(byte_view bytes, decoded_packet& packet) noexcept {
  if (bytes.size() < 6)
    return damaged(packet, decode_event::vntag_header_too_small);
  return {layer::by_ethertype, be16_at(bytes, 4), bytes.subspan(6)};
}

// Version 2 bits, O, unassigned, TTL 6, length in words 6; unassigned 4, MD type 4; next protocol
// 8; path header 4 bytes; then context: 16 bytes for MD type 1, variable for MD type 2.
layer_step read_nsh(byte_view bytes, decoded_packet& packet) noexcept {
  if (bytes.size() < 8)
    return damaged(packet, decode_event::nsh_header_too_small);
  if (u8_at(bytes, 0) >> 6 != 0)
    return unknown(packet, decode_event::nsh_unsupported_version);
  const std::size_t length = (be16_at(bytes, 0) & 0x3fU) * std::size_t{4};
  const auto kind = u8_at(bytes, 2) & 0x0fU;
  if (length < 8 || length > bytes.size() || (kind == 1 && length != 24))
    return damaged(packet, decode_event::nsh_bad_header_length);
  if (kind == 0 || kind == 15)
    return unknown(packet, decode_event::nsh_reserved_type);
  if (kind > 2)
    return unknown(packet, decode_event::nsh_unsupported_type);
  const auto behind = bytes.subspan(length);
  switch (u8_at(bytes, 3)) {
  case 1: return {layer::ipv4, 0, behind};
  case 2: return {layer::ipv6, 0, behind};
  case 3: return {layer::ethernet, 0, behind};
  case 4: return {layer::by_ethertype, ethertype::nsh, behind};
  case 5: return {layer::mpls, 0, behind};
  default: return unknown(packet, decode_event::nsh_unknown_payload);
  }
}

} // namespace cresset::capture::decode
