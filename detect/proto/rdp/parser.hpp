#pragma once

#include "detect/proto/message_cutter.hpp"
#include "detect/proto/message_parser.hpp"
#include "detect/proto/rdp/message.hpp"

#include <array>

namespace cresset::detect::proto::rdp {

/// RDP offers nothing to rules but its name and its events.
extern const protocol_description description;

/// RDP over TCP up to the end of the connection's establishment. When TLS was selected, or a side
/// begins it, `changed`; behind the connect messages, `finished`.
class parser final : public message_parser<message> {
public:
  static constexpr std::size_t message_limit_bytes = 16 * 1024;

  std::string_view protocol() const noexcept override { return "rdp"; }
  parse_status bytes(direction way, byte_view bytes, timestamp at) override;
  parse_status gap(direction way, std::uint64_t size) override;
  /// After `changed`: bytes of this direction that were not read.
  byte_view left_over(direction way) const noexcept override { return left_over_[index(way)]; }

private:
  struct half {
    message_cutter cutter{message_limit_bytes};
    bool is_finished = false;
  };
  bool one_message(direction way, byte_view bytes, bool is_cut);

  bool has_changed_ = false;
  std::array<half, 2> halves_;
  std::array<byte_view, 2> left_over_{};
};

} // namespace cresset::detect::proto::rdp
