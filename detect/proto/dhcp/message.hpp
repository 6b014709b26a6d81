#pragma once

#include "capture/base/byte_order.hpp"
#include "detect/proto/message_parser.hpp"

#include <optional>
#include <string>
#include <vector>

namespace cresset::detect::proto::dhcp {

/// Indexes of the table in parser.cpp: that of `to_client` stands one behind that of `to_server`.
enum class field_index : field_id {
  leasetime_ts,
  leasetime_tc,
  rebinding_time_ts,
  rebinding_time_tc,
  renewal_time_ts,
  renewal_time_tc
};

/// Codes of options (RFC 2132) that are looked at.
struct option_code {
  enum : std::uint8_t {
    pad = 0,
    subnet_mask = 1,
    router = 3,
    dns_server = 6,
    hostname = 12,
    requested_ip = 50,
    lease_time = 51,
    message_type = 53,
    parameters = 55,
    renewal_time = 58,
    rebinding_time = 59,
    vendor_class = 60,
    client_id = 61,
    end = 255,
  };
};

/// One message. It keeps a copy of itself; options are views on that.
class message final : public one_way_message {
public:
  /// Most options that are kept.
  static constexpr std::size_t limit_options = 256;
  message(std::uint64_t number, direction way, bool extended) noexcept
      : one_way_message{number, way}, extended_{extended} {}

  /// Reads a whole message. What is wrong becomes an event; false if it is none.
  bool read(byte_view bytes);
  /// DISCOVER 1 … INFORM 8; 0 where there is none (BOOTP).
  unsigned type() const noexcept;

  bool is_logged() const noexcept override;
  std::size_t instances(buffer_id) const noexcept override { return 0; }
  std::optional<byte_view> buffer(buffer_id, std::size_t) const noexcept override {
    return std::nullopt;
  }
  std::size_t field_instances(field_id id) const noexcept override;
  std::optional<std::uint64_t> field(field_id id, std::size_t instance) const noexcept override;
  void write_members(json_writer& json) const override;

private:
  struct option {
    std::uint8_t code = 0;
    byte_view value;
  };
  void read_options(byte_view bytes);
  bool is_well_formed(const option& one) const noexcept;
  std::optional<byte_view> find(std::uint8_t code) const noexcept;
  std::optional<std::uint32_t> number_in(std::uint8_t code) const noexcept;
  std::string address_at(std::size_t offset) const;
  void write_options(json_writer& json) const;

  bool extended_;
  std::vector<std::byte> bytes_;
  std::vector<option> options_;
};

} // namespace cresset::detect::proto::dhcp
