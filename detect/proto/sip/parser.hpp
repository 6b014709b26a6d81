#pragma once

#include "detect/proto/frame_list.hpp"
#include "detect/proto/identify.hpp"
#include "detect/proto/message_parser.hpp"
#include "detect/proto/sip/message.hpp"

#include <array>
#include <string>

namespace cresset::detect::proto::sip {

/// Buffers of SIP and SDP for rules.
extern const protocol_description description;

/// SIP over UDP (a message a datagram) and over TCP (RFC 3261 18.3: the end of a message is told by
/// its Content-Length). A message over the limit is read as far as the limit.
class parser final : public message_parser<message> {
public:
  explicit parser(transport over) noexcept : over_{over}, frames_{over == transport::udp} {}

  std::string_view protocol() const noexcept override { return "sip"; }
  parse_status bytes(direction way, byte_view bytes, timestamp at) override;
  parse_status gap(direction way, std::uint64_t size) override;
  void end(direction way) override;
  frame_list* frames() noexcept override { return &frames_; }

private:
  /// What is retained of one direction of a TCP stream: at most one message.
  struct half {
    std::string open;
    std::size_t searched = 0; ///< of `open`, for the end of the headers
    std::size_t wanted = 0;   ///< size of the open message once its headers are there
    std::size_t to_skip = 0;  ///< of a message over the limit
    bool lost_sync = false;
  };
  bool one_message(direction way, std::string_view bytes, std::int64_t at = 0);
  void name_frames(direction way, std::string_view message, std::int64_t at);
  parse_status stream_bytes(direction way, std::string_view bytes);
  void measure(half& mine);

  transport over_;
  std::array<half, 2> halves_;
  frame_list frames_;
};

} // namespace cresset::detect::proto::sip
