#pragma once

#include "capture/base/byte_order.hpp"
#include "detect/proto/direction.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace cresset::detect::proto::mqtt {

/// Control packet types (MQTT 5 section 2.1.2).
enum class message_type : std::uint8_t {
  unassigned,
  connect,
  connack,
  publish,
  puback,
  pubrec,
  pubrel,
  pubcomp,
  subscribe,
  suback,
  unsubscribe,
  unsuback,
  pingreq,
  pingresp,
  disconnect,
  auth,
};
/// "connect": the key of the message in the event log.
std::string_view name_of(message_type type) noexcept;

/// The first byte of a message: type and flags.
struct fixed_header {
  std::uint8_t byte = 0;

  message_type type() const noexcept { return static_cast<message_type>(byte >> 4); }
  bool is_duplicate() const noexcept { return (byte & 8U) != 0; }
  bool is_retained() const noexcept { return (byte & 1U) != 0; }
  std::uint8_t qos() const noexcept { return byte >> 1 & 3U; }
};

/// The flags of CONNECT (section 3.1.2.3).
struct connect_flags {
  enum : std::uint8_t {
    clean_session = 0x02,
    will = 0x04,
    will_retain = 0x20,
    password = 0x40,
    username = 0x80
  };
};

inline constexpr std::uint8_t version_3_1_1 = 4;
inline constexpr std::uint8_t version_5 = 5;

/// One subscription: a topic filter and its options.
struct subscription {
  std::string_view topic;
  std::uint8_t qos = 0;
};

/// One control packet, read. Texts are slices of `bytes`; moving the message leaves them valid.
class message {
public:
  static constexpr std::size_t topics_limit = 1024; ///< of one message; more are not retained

  message(direction from, fixed_header first) noexcept : way{from}, head{first} {}
  message(message&&) noexcept = default;
  message& operator=(message&&) noexcept = default;

  /// Takes a copy of what stands behind the fixed header and reads it as `version` writes it
  /// (CONNECT says its own). False when the bytes contradict themselves.
  bool read(byte_view body, std::uint8_t version);

  message_type type() const noexcept { return head.type(); }

  direction way;
  fixed_header head;
  std::vector<std::byte> bytes;
  std::optional<std::uint64_t> skipped_bytes; ///< passed over: nothing but the header is known

  std::optional<std::uint16_t> id;
  std::optional<std::uint8_t> reason_code; ///< and the return code of CONNACK
  byte_view properties;
  std::string_view protocol, client_id, will_topic, will_message, username, password; ///< CONNECT
  byte_view will_properties;
  std::uint8_t version = 0;               ///< CONNECT
  std::uint8_t flags = 0;                 ///< CONNECT, CONNACK
  std::string_view topic, payload;        ///< PUBLISH
  std::vector<subscription> topics;       ///< SUBSCRIBE, UNSUBSCRIBE
  std::vector<std::uint8_t> reason_codes; ///< SUBACK, UNSUBACK
};

} // namespace cresset::detect::proto::mqtt
