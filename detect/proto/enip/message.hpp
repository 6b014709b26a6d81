#pragma once

#include "detect/proto/direction.hpp"
#include "detect/proto/enip/cip.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace cresset::detect::proto::enip {

/// What a device says of itself in answer to ListIdentity.
struct identity {
  std::uint16_t protocol_version = 0;
  std::uint16_t vendor_id = 0;
  std::uint16_t device_type = 0;
  std::uint16_t product_code = 0;
  std::uint16_t revision = 0; ///< major in the high byte
  std::uint16_t status = 0;
  std::uint32_t serial = 0;
  std::string product_name;
  std::uint8_t state = 0;
};

struct services {
  std::uint16_t protocol_version = 0;
  std::uint16_t capabilities = 0;
  std::string name;
};

struct session {
  std::uint16_t protocol_version = 0;
  std::uint16_t options = 0;
};

/// One message of the encapsulation (volume 2, chapter 2-3).
struct message {
  static constexpr std::size_t header_size = 24;

  std::uint16_t command = 0;
  std::uint32_t session_handle = 0;
  std::uint32_t status = 0;
  std::uint64_t context = 0;
  bool is_damaged = false; ///< what the command carries contradicts its length
  std::optional<session> registered;
  std::optional<identity> device;
  std::optional<services> offered;
  cip_messages cip;

  std::optional<std::uint16_t> protocol_version() const noexcept;
};

/// Length of what follows a header. Precondition: 24 bytes.
std::size_t body_size(byte_view header) noexcept;
/// Reads one whole message.
message read_message(direction way, byte_view bytes);
/// Writes the members of the message's object.
void write_members(json_writer& json, const message& of);

} // namespace cresset::detect::proto::enip
