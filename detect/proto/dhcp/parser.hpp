#pragma once

#include "detect/proto/dhcp/message.hpp"
#include "detect/proto/dhcp/settings.hpp"
#include "detect/proto/message_parser.hpp"

namespace cresset::detect::proto::dhcp {

/// Fields of DHCP for rules; it has no buffers.
extern const protocol_description description;

/// DHCP over UDP: a message a datagram.
class parser final : public message_parser<message> {
public:
  explicit parser(const settings& wanted) noexcept : settings_{wanted} {}

  std::string_view protocol() const noexcept override { return "dhcp"; }
  parse_status bytes(direction way, byte_view bytes, timestamp at) override;

private:
  settings settings_;
};

} // namespace cresset::detect::proto::dhcp
