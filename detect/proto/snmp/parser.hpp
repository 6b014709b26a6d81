#pragma once

#include "detect/proto/message_parser.hpp"
#include "detect/proto/snmp/message.hpp"

namespace cresset::detect::proto::snmp {

/// Buffers and fields of SNMP for rules.
extern const protocol_description description;

/// SNMP over UDP: a message a datagram.
class parser final : public message_parser<message> {
public:
  std::string_view protocol() const noexcept override { return "snmp"; }
  parse_status bytes(direction way, byte_view bytes, timestamp at) override;

private:
  unsigned version_ = 0; ///< of the flow's first message
};

} // namespace cresset::detect::proto::snmp
