#pragma once

#include "capture/base/byte_order.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The messages of DCE/RPC (The Open Group C706, chapter 12; [MS-RPCE] 2.2.2), connection-oriented
/// (version 5) and connectionless (version 4).
namespace cresset::detect::proto::dcerpc {

/// C706 12.6.4 and 12.5.3: both kinds count their types alike.
enum class pdu_type : std::uint8_t {
  request = 0,
  ping = 1,
  response = 2,
  fault = 3,
  working = 4,
  nocall = 5,
  reject = 6,
  ack = 7,
  cl_cancel = 8,
  fack = 9,
  cancel_ack = 10,
  bind = 11,
  bindack = 12,
  bindnak = 13,
  alter_context = 14,
  alter_context_resp = 15,
  auth3 = 16,
  shutdown = 17,
  co_cancel = 18,
  orphaned = 19,
  rts = 20,
};
inline constexpr std::uint8_t last_pdu_type = 20;

/// As the event log writes it: "BINDACK"; "UNKNOWN" for a number that is none.
std::string_view name_of(pdu_type type) noexcept;
/// Types that only a server sends.
bool is_answer(pdu_type type) noexcept;

using uuid = std::array<std::byte, 16>; ///< in the order in which it is written
/// "367abb81-9844-35f1-ad32-98f038001003"
std::string to_text(const uuid& id);

/// A 16, 32 bit number in the order of bytes that the header names.
std::uint16_t load16(byte_view bytes, std::size_t at, bool little) noexcept;
std::uint32_t load32(byte_view bytes, std::size_t at, bool little) noexcept;
/// A UUID whose first three parts are numbers of that order.
uuid load_uuid(byte_view bytes, std::size_t at, bool little) noexcept;

/// The head that every connection-oriented PDU begins with.
struct pdu_header {
  static constexpr std::size_t size_bytes = 16;
  static constexpr std::uint8_t first_fragment = 0x01;
  static constexpr std::uint8_t last_fragment = 0x02;

  std::uint8_t version = 0;
  std::uint8_t minor_version = 0;
  pdu_type type{};
  std::uint8_t flags = 0;
  bool is_little = true;
  std::uint16_t fragment_length = 0; ///< of the whole PDU with this head
  std::uint16_t auth_length = 0;
  std::uint32_t call_id = 0;

  bool is_first() const noexcept { return (flags & first_fragment) != 0; }
  bool is_last() const noexcept { return (flags & last_fragment) != 0; }
};

/// Reads the head; nothing for bytes that cannot be one. Precondition: 16 bytes are there.
std::optional<pdu_header> read_header(byte_view bytes) noexcept;

/// One interface as a bind offers it, with the server's answer when it came.
struct offered_interface {
  std::uint16_t context = 0;
  uuid id{};
  std::uint16_t version = 0;
  std::uint16_t minor_version = 0;
  bool first_fragment = false; ///< the bind began with a first fragment
  std::optional<std::uint16_t> result{};
  std::uint16_t reason = 0;
};
inline constexpr std::size_t limit_interfaces = 64; ///< of one bind; a list names at most 255

/// The contexts of a BIND or ALTER_CONTEXT (C706 12.6.4.3). `pdu` is the whole PDU.
std::vector<offered_interface> read_contexts(const pdu_header& head, byte_view pdu);

/// Result and reason for each context, in the order of the offer (C706 12.6.4.4).
struct context_answer {
  std::uint16_t result = 0;
  std::uint16_t reason = 0;
};
std::vector<context_answer> read_answers(const pdu_header& head, byte_view pdu);

/// The head of a connectionless PDU (C706 12.5.2.1); its body follows.
struct datagram_header {
  static constexpr std::size_t size_bytes = 80;

  pdu_type type{};
  std::uint8_t flags = 0;
  bool is_little = true;
  uuid interface_id{};
  uuid activity{};
  std::uint32_t interface_version = 0; ///< minor in the upper half
  std::uint32_t sequence = 0;
  std::uint16_t operation = 0;
  std::uint16_t body_length = 0;
  std::uint16_t fragment = 0;

  bool is_fragment() const noexcept { return (flags & 0x04U) != 0; }
  bool is_last() const noexcept { return !is_fragment() || (flags & 0x02U) != 0; }
};
std::optional<datagram_header> read_datagram(byte_view bytes) noexcept;

} // namespace cresset::detect::proto::dcerpc
