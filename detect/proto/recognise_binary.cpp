// Protocols with a binary head. Each function reads the fixed fields of the protocol's first
// message and says no when one has a value it cannot have. Numbers are those of the protocols' own
// documents, named beside them.
#include "capture/base/byte_reader.hpp"
#include "detect/proto/recognise.hpp"

#include <algorithm>

namespace cresset::detect::proto::recognise {
namespace {

unsigned at(byte_view bytes, std::size_t i) noexcept {
  return std::to_integer<unsigned>(bytes[i]);
}
unsigned be16(byte_view bytes, std::size_t i) noexcept {
  return at(bytes, i) << 8 | at(bytes, i + 1);
}
unsigned le16(byte_view bytes, std::size_t i) noexcept {
  return at(bytes, i + 1) << 8 | at(bytes, i);
}
std::uint32_t be32(byte_view bytes, std::size_t i) noexcept {
  return std::uint32_t{be16(bytes, i)} << 16 | be16(bytes, i + 2);
}

likeness when(bool is_it) noexcept {
  return is_it ? likeness::yes : likeness::no;
}

/// A BER or DER head (X.690 8.1): tag and definite length. Nothing while bytes are missing.
struct ber_head {
  unsigned tag = 0;
  std::size_t length = 0;
  std::size_t head_size = 0;
};
std::optional<ber_head> read_ber(byte_view bytes) noexcept {
  if (bytes.size() < 2)
    return std::nullopt;
  const auto first = at(bytes, 1);
  if (first < 0x80)
    return ber_head{at(bytes, 0), first, 2};
  const std::size_t more = first & 0x7fU;
  if (more == 0 || more > 4 || bytes.size() < 2 + more)
    return std::nullopt;
  std::size_t length = 0;
  for (std::size_t i = 0; i < more; ++i)
    length = length << 8 | at(bytes, 2 + i);
  return ber_head{at(bytes, 0), length, 2 + more};
}

/// One TLS record's head that carries a handshake (RFC 8446 5.1).
likeness tls_handshake(byte_view bytes, unsigned wanted_type) noexcept {
  if (at(bytes, 0) != 0x16 || (bytes.size() > 1 && at(bytes, 1) != 3) ||
      (bytes.size() > 2 && at(bytes, 2) > 4))
    return likeness::no;
  if (bytes.size() < 6)
    return likeness::need_more;
  const auto length = be16(bytes, 3);
  return when(length > 0 && length <= 0x4800 && at(bytes, 5) == wanted_type);
}

/// SSLv2 hello (draft-hickman): two bytes of length with the high bit, message type, version.
bool is_sslv2_hello(byte_view bytes) noexcept {
  if (bytes.size() < 5 || (at(bytes, 0) & 0x80U) == 0 || at(bytes, 2) != 1)
    return false;
  const auto version = be16(bytes, 3);
  return version == 0x0002 || (version >= 0x0300 && version <= 0x0303);
}

/// Header and first question of a DNS message of `length` bytes (RFC 1035 4.1).
likeness dns_message(byte_view bytes, std::size_t length, direction way) noexcept {
  constexpr std::size_t header = 12;
  if (length < header)
    return likeness::no;
  if (bytes.size() < header)
    return likeness::need_more;
  const std::size_t questions = be16(bytes, 4);
  const std::size_t records = std::size_t{be16(bytes, 6)} + be16(bytes, 8) + be16(bytes, 10);
  if (header + 5 * questions + 2 * records > length)
    return likeness::no;
  const bool is_response = (at(bytes, 2) & 0x80U) != 0;
  if (questions > 0) {
    // The first label: length within 63, or the root.
    if (bytes.size() > header && at(bytes, header) > 63)
      return likeness::no;
    if (questions > 1024 && !is_response && length < 512)
      return likeness::no;
  } else if (!is_response && records == 0) {
    return likeness::no;
  }
  return is_response == (way == direction::to_client) ? likeness::yes : likeness::yes_but_reversed;
}

likeness dns_over_stream(byte_view bytes, direction way) noexcept {
  if (bytes.size() < 2)
    return likeness::need_more;
  return dns_message(bytes.subspan(2), be16(bytes, 0), way);
}

/// Kerberos messages are APPLICATION tags (RFC 4120 5.10): AS-REQ 10 … KRB-ERROR 30.
bool is_krb5(byte_view bytes) noexcept {
  const auto head = read_ber(bytes);
  if (!head || head->head_size >= bytes.size())
    return false;
  switch (head->tag) {
  case 0x6a:
  case 0x6b:
  case 0x6c:
  case 0x6d:
  case 0x6e:
  case 0x6f:
  case 0x7e: return at(bytes, head->head_size) == 0x30;
  default: return false;
  }
}

constexpr std::uint32_t rpc_nfs_program = 100003;

bool is_rpc_nfs_call(byte_view bytes) noexcept { // RFC 5531 9: xid, CALL, version 2, program
  return be32(bytes, 4) == 0 && be32(bytes, 8) == 2 && be32(bytes, 12) == rpc_nfs_program;
}

} // namespace

likeness tls_client(byte_view bytes) noexcept {
  return is_sslv2_hello(bytes) ? likeness::yes : tls_handshake(bytes, 1);
}
likeness tls_server(byte_view bytes) noexcept {
  return tls_handshake(bytes, 2);
}

likeness dns_datagram(byte_view bytes) noexcept {
  return dns_message(bytes, bytes.size(), direction::to_server);
}
likeness dns_response_datagram(byte_view bytes) noexcept {
  return dns_message(bytes, bytes.size(), direction::to_client);
}
likeness dns_stream(byte_view bytes) noexcept {
  return dns_over_stream(bytes, direction::to_server);
}
likeness dns_response_stream(byte_view bytes) noexcept {
  return dns_over_stream(bytes, direction::to_client);
}

likeness http2_settings(byte_view bytes) noexcept {
  // The server's first frame is SETTINGS on stream 0 (RFC 9113 3.4, 6.5).
  if (bytes.size() < 9)
    return likeness::need_more;
  const auto length = be32(bytes, 0) >> 8;
  return when(
      length % 6 == 0 && length <= 6 * 32 && at(bytes, 3) == 4 && at(bytes, 4) <= 1 &&
      be32(bytes, 5) == 0 &&
      (length == 0 || (bytes.size() >= 15 && be16(bytes, 9) >= 1 && be16(bytes, 9) <= 0x10)));
}

namespace {

likeness smb(byte_view bytes) noexcept {
  // NetBIOS session message (RFC 1002 4.3.1), then FF/FE/FD "SMB".
  const auto kind = at(bytes, 0);
  if (kind != 0x00 && kind != 0x81 && kind != 0x82)
    return likeness::no;
  if (bytes.size() < 8)
    return likeness::need_more;
  if (kind == 0x81) // session request: two encoded names of 34 bytes
    return when(at(bytes, 1) == 0 && be16(bytes, 2) == 68 && at(bytes, 4) == 0x20);
  if (kind == 0x82) // positive session response
    return when(be32(bytes, 0) == 0x82000000);
  const auto mark = at(bytes, 4);
  return when((mark == 0xff || mark == 0xfe || mark == 0xfd) &&
              as_text(bytes.subspan(5, 3)) == "SMB");
}

/// Whether it is an answer: the record's type, or the flag of the message in it.
bool is_smb_answer(byte_view bytes) noexcept {
  if (at(bytes, 0) != 0)
    return at(bytes, 0) == 0x82;
  if (at(bytes, 4) == 0xff)
    return bytes.size() > 13 && (at(bytes, 13) & 0x80U) != 0;
  return at(bytes, 4) == 0xfe && bytes.size() > 20 && (at(bytes, 20) & 1U) != 0;
}

likeness dcerpc_stream(byte_view bytes) noexcept {
  // C706 12.6.3: version 5.0 or 5.1, type, flags, data representation, fragment length.
  if (at(bytes, 0) != 5 || (bytes.size() > 1 && at(bytes, 1) > 1) ||
      (bytes.size() > 2 && at(bytes, 2) > 19))
    return likeness::no;
  if (bytes.size() < 10)
    return likeness::need_more;
  const bool little = (at(bytes, 4) & 0xf0U) == 0x10;
  const auto length = little ? le16(bytes, 8) : be16(bytes, 8);
  return when((at(bytes, 4) & 0xf0U) <= 0x10 && at(bytes, 5) <= 3 && at(bytes, 6) == 0 &&
              length >= 16);
}

/// RESPONSE, FAULT, BINDACK, BINDNAK, ALTER_CONTEXT_RESP, SHUTDOWN: what only a server sends.
bool is_dcerpc_answer(byte_view bytes) noexcept {
  const auto type = at(bytes, 2);
  return type == 2 || type == 3 || type == 12 || type == 13 || type == 15 || type == 17;
}

likeness with_side(likeness found, bool from_the_other_side) noexcept {
  return from_the_other_side ? likeness::yes_but_reversed : found;
}

} // namespace

likeness smb_client(byte_view bytes) noexcept {
  const auto found = smb(bytes);
  return found == likeness::yes ? with_side(found, is_smb_answer(bytes)) : found;
}
likeness smb_server(byte_view bytes) noexcept {
  const auto found = smb(bytes);
  // a record of the session alone does not tell, nor does what is encrypted
  const bool tells =
      found == likeness::yes && at(bytes, 0) == 0 && bytes.size() > 20 && at(bytes, 4) != 0xfd;
  return tells ? with_side(found, !is_smb_answer(bytes)) : found;
}
likeness dcerpc_client(byte_view bytes) noexcept {
  const auto found = dcerpc_stream(bytes);
  return found == likeness::yes ? with_side(found, is_dcerpc_answer(bytes)) : found;
}
likeness dcerpc_server(byte_view bytes) noexcept {
  const auto found = dcerpc_stream(bytes);
  return found == likeness::yes ? with_side(found, !is_dcerpc_answer(bytes)) : found;
}

likeness dcerpc_datagram(byte_view bytes) noexcept {
  constexpr std::size_t header = 80; // C706 12.6.2
  if (bytes.size() < header || at(bytes, 0) != 4 || at(bytes, 1) > 10 ||
      (at(bytes, 3) & 0xfcU) != 0 || (at(bytes, 4) & 0xeeU) != 0 || at(bytes, 5) > 3)
    return likeness::no;
  const bool little = (at(bytes, 4) & 0xf0U) == 0x10;
  const auto fragment = little ? le16(bytes, 74) : be16(bytes, 74);
  return when(fragment > 0 ? fragment <= bytes.size() - header : bytes.size() == header);
}

likeness rdp(byte_view bytes) noexcept {
  // TPKT (RFC 1006) with an X.224 connection request or confirm, as [MS-RDPBCGR] 2.2.1.1 sends it.
  if (at(bytes, 0) != 3 || (bytes.size() > 1 && at(bytes, 1) != 0))
    return likeness::no;
  if (bytes.size() < 11)
    return likeness::need_more;
  const auto length = be16(bytes, 2);
  const auto kind = at(bytes, 5) & 0xf0U;
  if (length < 11 || at(bytes, 4) + 5U != length || (kind != 0xe0 && kind != 0xd0))
    return likeness::no;
  if (length == 11) // no negotiation and no cookie: RDP of before 2003, or another user of X.224
    return likeness::no;
  if (bytes.size() < 12)
    return likeness::need_more;
  const auto next = at(bytes, 11); // a cookie, or a negotiation request, response or failure
  return when(next == 'C' || (next >= 1 && next <= 3));
}

likeness mqtt_connect(byte_view bytes) noexcept {
  if (at(bytes, 0) != 0x10)
    return likeness::no;
  std::size_t i = 1; // remaining length: up to four bytes (MQTT 5 section 1.5.5)
  while (i < 5 && i < bytes.size() && (at(bytes, i) & 0x80U) != 0)
    ++i;
  if (i == 5)
    return likeness::no;
  if (bytes.size() < i + 1 + 6)
    return likeness::need_more;
  const auto length = be16(bytes, i + 1);
  const auto name = as_text(bytes.subspan(i + 3)).substr(0, length);
  return when((length == 4 && name == "MQTT") || (length == 6 && name.starts_with("MQIs")));
}
likeness mqtt_connack(byte_view bytes) noexcept {
  if (at(bytes, 0) != 0x20)
    return likeness::no;
  if (bytes.size() < 4)
    return likeness::need_more;
  return when(at(bytes, 1) >= 2 && at(bytes, 2) <= 1);
}

likeness krb5_stream(byte_view bytes) noexcept {
  if (bytes.size() < 10)
    return likeness::need_more;
  return when(be32(bytes, 0) < 0x4000 && is_krb5(bytes.subspan(4)));
}
likeness krb5_datagram(byte_view bytes) noexcept {
  return when(is_krb5(bytes));
}

likeness ldap(byte_view bytes) noexcept {
  // LDAPMessage ::= SEQUENCE { messageID INTEGER, protocolOp CHOICE of APPLICATION tags } (RFC
  // 4511 4.1.1)
  if (at(bytes, 0) != 0x30)
    return likeness::no;
  const auto head = read_ber(bytes);
  if (!head)
    return bytes.size() < 7 ? likeness::need_more : likeness::no;
  const auto inner = bytes.subspan(std::min(head->head_size, bytes.size()));
  const auto id = read_ber(inner);
  if (!id)
    return bytes.size() < 12 ? likeness::need_more : likeness::no;
  if (id->tag != 0x02 || id->length == 0 || id->length > 4)
    return likeness::no;
  const auto op = id->head_size + id->length;
  if (op >= inner.size())
    return likeness::need_more;
  const auto tag = at(inner, op);
  return when((tag & 0xc0U) == 0x40 && (tag & 0x1fU) <= 25);
}

likeness pgsql_startup(byte_view bytes) noexcept {
  if (bytes.size() < 8)
    return likeness::need_more;
  const auto length = be32(bytes, 0);
  const auto code = be32(bytes, 4); // 3.0, SSLRequest, GSSENCRequest, CancelRequest
  return when(length >= 8 && length < 10000 &&
              (code == 196608 || code == 80877103 || code == 80877104 || code == 80877102));
}

likeness pgsql_answer(byte_view bytes) noexcept {
  if (at(bytes, 0) != 'R' && at(bytes, 0) != 'E') // Authentication…, ErrorResponse
    return likeness::no;
  if (bytes.size() < 5)
    return likeness::need_more;
  const auto length = be32(bytes, 1);
  return when(length >= 5 && length < 10000);
}

likeness modbus_request(byte_view bytes) noexcept {
  // No one asks with the bit of an exception: these bytes are an answer.
  return bytes.size() >= 8 && at(bytes, 7) >= 0x80 ? likeness::no : modbus_response(bytes);
}
likeness modbus_response(byte_view bytes) noexcept {
  if (bytes.size() < 8)
    return likeness::need_more;
  const auto length = be16(bytes, 4); // unit, function, data: MODBUS Messaging on TCP/IP 3.1.3
  return when(be16(bytes, 2) == 0 && length >= 2 && length <= 254);
}

likeness dnp3_master(byte_view bytes) noexcept {
  if (at(bytes, 0) != 0x05 || (bytes.size() > 1 && at(bytes, 1) != 0x64))
    return likeness::no;
  if (bytes.size() < 4)
    return likeness::need_more;
  if (at(bytes, 2) < 5)
    return likeness::no;
  return (at(bytes, 3) & 0x80U) != 0 ? likeness::yes
                                     : likeness::yes_but_reversed; // IEEE 1815 9.2.4.1.3
}
likeness dnp3_outstation(byte_view bytes) noexcept {
  const auto found = dnp3_master(bytes);
  return found == likeness::yes_but_reversed ? likeness::yes
         : found == likeness::yes            ? likeness::yes_but_reversed
                                             : found;
}

likeness enip(byte_view bytes) noexcept {
  constexpr std::size_t header =
      24; // encapsulation header: command, length, session, status, context, options
  if (bytes.size() < header)
    return bytes.size() < 2 || at(bytes, 1) == 0 ? likeness::need_more : likeness::no;
  const auto command = le16(bytes, 0);
  const bool known = command == 0 || command == 1 || command == 4 ||
                     (command >= 0x63 && command <= 0x66) || command == 0x6f || command == 0x70 ||
                     command == 0x72 || command == 0x73;
  return when(known && (bytes.size() <= header || le16(bytes, 2) <= 0x4000) &&
              be32(bytes, 20) == 0);
}

likeness telnet(byte_view bytes) noexcept {
  if (at(bytes, 0) != 0xff)
    return likeness::no;
  if (bytes.size() < 3)
    return likeness::need_more;
  return when(at(bytes, 1) >= 0xfa && at(bytes, 1) <= 0xfe &&
              at(bytes, 2) < 0x80); // RFC 854: IAC, verb, option
}

likeness nfs_call(byte_view bytes) noexcept {
  if (bytes.size() < 20)
    return likeness::need_more;
  return when((be32(bytes, 0) & 0x7fffffffU) >= 40 && is_rpc_nfs_call(bytes.subspan(4)));
}
likeness nfs_reply(byte_view bytes) noexcept {
  if (bytes.size() < 16)
    return likeness::need_more;
  return when((be32(bytes, 0) & 0x7fffffffU) >= 20 && be32(bytes, 8) == 1 && be32(bytes, 12) <= 1);
}
likeness nfs_datagram(byte_view bytes) noexcept {
  return when(bytes.size() >= 40 && is_rpc_nfs_call(bytes));
}

likeness snmp(byte_view bytes) noexcept {
  const auto head = read_ber(bytes);
  if (!head || head->tag != 0x30 || head->head_size + 3 > bytes.size())
    return likeness::no;
  const auto version = bytes.subspan(head->head_size); // INTEGER 0, 1 or 3
  return when(at(version, 0) == 2 && at(version, 1) == 1 &&
              (at(version, 2) <= 1 || at(version, 2) == 3));
}

likeness ntp(byte_view bytes) noexcept {
  if (bytes.empty())
    return likeness::no;
  const auto version = at(bytes, 0) >> 3 & 7U;
  const auto mode = at(bytes, 0) & 7U;
  const std::size_t header = mode >= 6 ? 8 : 48; // control and private messages are shorter
  return when(bytes.size() >= header && version >= 1 && version <= 4 && mode >= 1);
}

likeness dhcp(byte_view bytes) noexcept {
  constexpr std::size_t cookie_at = 236; // RFC 2131 3
  return when(bytes.size() >= cookie_at + 4 && (at(bytes, 0) == 1 || at(bytes, 0) == 2) &&
              be32(bytes, cookie_at) == 0x63825363);
}

likeness tftp(byte_view bytes) noexcept {
  if (bytes.size() < 4)
    return likeness::no;
  const auto opcode = be16(bytes, 0); // RFC 1350 5
  if (opcode < 1 || opcode > 5)
    return likeness::no;
  return opcode > 2 ? likeness::yes
                    : when(std::count(bytes.begin() + 2, bytes.end(), std::byte{0}) >= 2);
}

likeness ike(byte_view bytes) noexcept {
  constexpr std::size_t header =
      28; // RFC 7296 3.1; on port 4500 behind four zero bytes (RFC 3948 2.2)
  if (bytes.size() >= 4 + header && be32(bytes, 0) == 0)
    bytes = bytes.subspan(4);
  if (bytes.size() < header || (be32(bytes, 0) == 0 && be32(bytes, 4) == 0))
    return likeness::no;
  const auto version = at(bytes, 17) >> 4;
  const auto exchange = at(bytes, 18);
  const bool known = version == 1 ? exchange <= 6 || exchange == 32 || exchange == 33
                                  : version == 2 && exchange >= 34 && exchange <= 43;
  return when(known && be32(bytes, 24) == bytes.size());
}

likeness quic(byte_view bytes) noexcept {
  // A long header (RFC 9000 17.2) of a version that is in use; Google's older ones have their
  // version behind a connection id, or lengths of another form.
  constexpr unsigned has_version_and_id = 0x09;
  if (bytes.size() >= 13 && (at(bytes, 0) & 0xc9U) == has_version_and_id)
    return when(be16(bytes, 9) == 0x5130); // "Q0"
  if (bytes.size() < 7 || (at(bytes, 0) & 0x80U) == 0)
    return likeness::no;
  const auto version = be32(bytes, 1);
  if (at(bytes, 5) > 20 && version >> 24 != 'Q')
    return likeness::no;
  return when(version == 1 || version == 0x6b3343cf || version >> 8 == 0xff0000 ||
              version >> 24 == 'Q' || (version & 0x0f0f0f0fU) == 0x0a0a0a0a);
}

} // namespace cresset::detect::proto::recognise
