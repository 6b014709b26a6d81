// A connection-oriented PDU (C706 12.6.3):
//
//   version 1 | minor 1 | type 1 | flags 1 | data representation 4 | length 2 | auth length 2 |
//   call 4 | …
//
// All lengths are those of one fragment; the data representation's first half byte says whether
// numbers are little-endian. What follows depends on the type; the contexts of a bind are
//
//   max_xmit 2 | max_recv 2 | group 4 | count 1 | 3 | { context 2 | transfers 1 | 1 | uuid 16 |
//   major 2 | minor 2 | { transfer syntax 20 } } …
#include "detect/proto/dcerpc/pdu.hpp"

#include <algorithm>

namespace cresset::detect::proto::dcerpc {
namespace {

constexpr std::array<std::string_view, last_pdu_type + 1> names{
    "REQUEST",   "PING",     "RESPONSE",      "FAULT",
    "WORKING",   "NOCALL",   "REJECT",        "ACK",
    "CL_CANCEL", "FACK",     "CANCEL_ACK",    "BIND",
    "BINDACK",   "BINDNAK",  "ALTER_CONTEXT", "ALTER_CONTEXT_RESP",
    "AUTH3",     "SHUTDOWN", "CO_CANCEL",     "ORPHANED",
    "RTS"};

constexpr std::size_t transfer_syntax_size = 20;

std::uint8_t byte_at(byte_view bytes, std::size_t at) noexcept {
  return std::to_integer<std::uint8_t>(bytes[at]);
}

} // namespace

std::string_view name_of(pdu_type type) noexcept {
  const auto number = static_cast<std::size_t>(type);
  return number < names.size() ? names[number] : "UNKNOWN";
}

bool is_answer(pdu_type type) noexcept {
  switch (type) {
  case pdu_type::response:
  case pdu_type::fault:
  case pdu_type::working:
  case pdu_type::nocall:
  case pdu_type::reject:
  case pdu_type::cancel_ack:
  case pdu_type::bindack:
  case pdu_type::bindnak:
  case pdu_type::alter_context_resp:
  case pdu_type::shutdown: return true;
  default: return false;
  }
}

std::string to_text(const uuid& id) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < id.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10)
      text += '-';
    text += digits[std::to_integer<std::size_t>(id[i]) >> 4];
    text += digits[std::to_integer<std::size_t>(id[i]) & 0xfU];
  }
  return text;
}

std::uint16_t load16(byte_view bytes, std::size_t at, bool little) noexcept {
  const auto two = bytes.subspan(at).first<2>();
  return little ? load_le16(two) : load_be16(two);
}
std::uint32_t load32(byte_view bytes, std::size_t at, bool little) noexcept {
  const auto four = bytes.subspan(at).first<4>();
  return little ? load_le32(four) : load_be32(four);
}

uuid load_uuid(byte_view bytes, std::size_t at, bool little) noexcept {
  uuid id{};
  std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), id.size(), id.begin());
  if (little) {
    std::reverse(id.begin(), id.begin() + 4);
    std::reverse(id.begin() + 4, id.begin() + 6);
    std::reverse(id.begin() + 6, id.begin() + 8);
  }
  return id;
}

std::optional<pdu_header> read_header(byte_view bytes) noexcept {
  pdu_header head;
  head.version = byte_at(bytes, 0);
  head.minor_version = byte_at(bytes, 1);
  if (head.version != 5 || head.minor_version > 1 || byte_at(bytes, 2) > last_pdu_type)
    return std::nullopt;
  head.type = static_cast<pdu_type>(byte_at(bytes, 2));
  head.flags = byte_at(bytes, 3);
  head.is_little = (byte_at(bytes, 4) & 0xf0U) != 0;
  head.fragment_length = load16(bytes, 8, head.is_little);
  head.auth_length = load16(bytes, 10, head.is_little);
  head.call_id = load32(bytes, 12, head.is_little);
  if (head.fragment_length < pdu_header::size_bytes)
    return std::nullopt;
  return head;
}

std::vector<offered_interface> read_contexts(const pdu_header& head, byte_view pdu) {
  std::vector<offered_interface> all;
  constexpr std::size_t list_at = 28;
  if (pdu.size() < list_at)
    return all;
  const std::size_t count = byte_at(pdu, 24);
  constexpr std::size_t context_size = 24;
  std::size_t at = list_at;
  for (std::size_t i = 0; i < count && all.size() < limit_interfaces; ++i) {
    if (pdu.size() - at < context_size)
      break;
    offered_interface one;
    one.context = load16(pdu, at, head.is_little);
    one.id = load_uuid(pdu, at + 4, head.is_little);
    one.version = load16(pdu, at + 20, head.is_little);
    one.minor_version = load16(pdu, at + 22, head.is_little);
    one.first_fragment = head.is_first();
    all.push_back(one);
    const auto transfers = byte_at(pdu, at + 2) * transfer_syntax_size;
    at += context_size;
    if (pdu.size() - at < transfers)
      break;
    at += transfers;
  }
  return all;
}

std::vector<context_answer> read_answers(const pdu_header& head, byte_view pdu) {
  std::vector<context_answer> all;
  constexpr std::size_t address_at = 24; // behind max_xmit, max_recv and group
  if (pdu.size() < address_at + 2)
    return all;
  // the secondary address is padded to a multiple of four, counted from the PDU's begin
  const std::size_t list_at =
      (address_at + 2 + load16(pdu, address_at, head.is_little) + 3) & ~std::size_t{3};
  if (pdu.size() < list_at + 4)
    return all;
  const std::size_t count = byte_at(pdu, list_at);
  constexpr std::size_t result_size = 4 + transfer_syntax_size;
  for (std::size_t i = 0, at = list_at + 4; i < count && all.size() < limit_interfaces;
       ++i, at += result_size) {
    if (pdu.size() < at + result_size)
      break;
    all.push_back({load16(pdu, at, head.is_little), load16(pdu, at + 2, head.is_little)});
  }
  return all;
}

std::optional<datagram_header> read_datagram(byte_view bytes) noexcept {
  if (bytes.size() < datagram_header::size_bytes || byte_at(bytes, 0) != 4 ||
      byte_at(bytes, 1) > static_cast<std::uint8_t>(pdu_type::cancel_ack))
    return std::nullopt;
  datagram_header head;
  head.type = static_cast<pdu_type>(byte_at(bytes, 1));
  head.flags = byte_at(bytes, 2);
  head.is_little = (byte_at(bytes, 4) & 0xf0U) != 0;
  head.interface_id = load_uuid(bytes, 24, head.is_little);
  // an activity is an opaque id; the field prints it as if it were little-endian, whatever the
  // header says (conformance: dcerpc-udp-scapy)
  head.activity = load_uuid(bytes, 40, true);
  head.interface_version = load32(bytes, 60, head.is_little);
  head.sequence = load32(bytes, 64, head.is_little);
  head.operation = load16(bytes, 68, head.is_little);
  head.body_length = load16(bytes, 74, head.is_little);
  head.fragment = load16(bytes, 76, head.is_little);
  return head;
}

} // namespace cresset::detect::proto::dcerpc
