#pragma once

#include "detect/proto/ber.hpp"
#include "detect/proto/message_parser.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cresset::detect::proto::snmp {

/// Indexes of the tables in parser.cpp: that of `to_client` stands one behind that of `to_server`.
enum class buffer_index : buffer_id { community_ts, community_tc, usm_ts, usm_tc };
enum class field_index : field_id {
  version_ts,
  version_tc,
  pdu_type_ts,
  pdu_type_tc,
  trap_type_ts,
  trap_type_tc
};

/// One message of version 1, 2c (shown as 2) or 3.
class message final : public one_way_message {
public:
  /// Most names of variables that are kept; those over it are counted.
  static constexpr std::size_t limit_variables = 256;
  using one_way_message::one_way_message;

  /// Reads a whole message. What is wrong becomes an event; false if it is no message.
  bool read(byte_view bytes);

  unsigned version() const noexcept { return version_; }
  std::size_t refused_variables() const noexcept { return refused_variables_; }

  std::size_t instances(buffer_id id) const noexcept override;
  std::optional<byte_view> buffer(buffer_id id, std::size_t instance) const noexcept override;
  std::size_t field_instances(field_id id) const noexcept override;
  std::optional<std::uint64_t> field(field_id id, std::size_t instance) const noexcept override;
  void write_members(json_writer& json) const override;

private:
  bool read_message(byte_view bytes);
  bool read_version_3(ber::reader& in);
  bool read_security(byte_view parameters);
  bool read_pdu(ber::reader& in);
  bool read_trap(ber::reader& in);
  bool read_variables(ber::reader& in);
  const std::optional<std::string>& text_of(buffer_id id) const noexcept;

  unsigned version_ = 0;
  std::optional<std::string> community_, user_;
  bool is_encrypted_ = false;
  std::optional<std::uint8_t> pdu_type_, trap_type_;
  std::int64_t error_ = 0;
  std::string trap_object_, trap_address_;
  std::vector<std::string> variables_;
  std::size_t refused_variables_ = 0;
};

} // namespace cresset::detect::proto::snmp
