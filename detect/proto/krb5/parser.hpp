#pragma once

#include "detect/proto/identify.hpp"
#include "detect/proto/krb5/message.hpp"
#include "detect/proto/message_cutter.hpp"
#include "detect/proto/message_parser.hpp"

#include <array>

namespace cresset::detect::proto::krb5 {

/// Buffers and fields of Kerberos for rules.
extern const protocol_description description;

/// Kerberos over UDP (a message a datagram) and over TCP (RFC 4120 7.2.2: four bytes of length
/// before each message). Behind a gap a segment that begins like a message is taken for one.
class parser final : public message_parser<message> {
public:
  /// Most bytes of one message that are kept; a longer one is read as far as that.
  static constexpr std::size_t message_limit_bytes = 64 * 1024;

  explicit parser(transport over) noexcept : over_{over} {}

  std::string_view protocol() const noexcept override { return "krb5"; }
  parse_status bytes(direction way, byte_view bytes, timestamp at) override;
  parse_status gap(direction way, std::uint64_t size) override;

private:
  struct half {
    message_cutter cutter{message_limit_bytes + 4};
    bool lost_sync = false;
  };
  bool one_message(direction way, byte_view bytes, bool is_cut);

  transport over_;
  message_type last_request_ = message_type::none;
  std::array<half, 2> halves_;
};

} // namespace cresset::detect::proto::krb5
