#pragma once

#include "capture/base/byte_order.hpp"
#include "detect/proto/message_parser.hpp"
#include "detect/proto/rdp/client_core.hpp"

#include <optional>
#include <string>
#include <vector>

namespace cresset::detect::proto::rdp {

enum class kind : std::uint8_t {
  other,
  initial_request,
  initial_response,
  connect_request,
  connect_response
};

/// One message of a connection's beginning; other messages have no transaction.
class message final : public one_way_message {
public:
  static constexpr std::size_t limit_channels = 31; ///< [MS-RDPBCGR] 2.2.1.3.4
  static constexpr std::size_t limit_cookie_bytes = 512;
  using one_way_message::one_way_message;

  /// Which message the bytes behind the TPKT head are.
  static rdp::kind kind_of(byte_view x224) noexcept;

  /// Reads the bytes behind the TPKT head. What is wrong becomes an event.
  void read(byte_view x224);
  rdp::kind kind() const noexcept { return kind_; }
  /// The protocol a response selects: 0 is RDP's own security.
  std::optional<std::uint32_t> selected_protocol() const noexcept { return selected_; }

  std::size_t instances(buffer_id) const noexcept override { return 0; }
  std::optional<byte_view> buffer(buffer_id, std::size_t) const noexcept override {
    return std::nullopt;
  }
  void write_members(json_writer& json) const override;

private:
  bool read_negotiation(byte_view variable);
  bool read_connect_request(byte_view user_bytes);

  rdp::kind kind_ = rdp::kind::other;
  std::string cookie_;
  std::uint8_t flags_ = 0;
  std::optional<std::uint32_t> selected_, failure_;
  std::optional<client_core> client_;
  std::vector<std::string> channels_;
};

} // namespace cresset::detect::proto::rdp
