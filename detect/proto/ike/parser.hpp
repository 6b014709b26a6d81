#pragma once

#include "detect/proto/ike/message.hpp"
#include "detect/proto/message_parser.hpp"

namespace cresset::detect::proto::ike {

/// Buffers and fields of IKE for rules.
extern const protocol_description description;

/// IKE over UDP: a message a datagram. ESP in UDP and keep-alives (RFC 3948), which share port
/// 4500, are passed over once the flow was seen to use the marker that tells them apart.
class parser final : public message_parser<message> {
public:
  std::string_view protocol() const noexcept override { return "ike"; }
  parse_status bytes(direction way, byte_view bytes, timestamp at) override;

private:
  bool is_encapsulated_ = false;
  conversation so_far_;
};

} // namespace cresset::detect::proto::ike
