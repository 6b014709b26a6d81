#pragma once

#include "detect/proto/ber.hpp"
#include "detect/proto/krb5/names.hpp"
#include "detect/proto/message_parser.hpp"

#include <optional>
#include <string>
#include <vector>

namespace cresset::detect::proto::krb5 {

/// Indexes of the tables in parser.cpp: that of `to_client` stands one behind that of `to_server`.
enum class buffer_index : buffer_id { cname_ts, cname_tc, sname_ts, sname_tc };
enum class field_index : field_id {
  msg_type_ts,
  msg_type_tc,
  err_code_ts,
  err_code_tc,
  ticket_encryption_ts,
  ticket_encryption_tc
};

/// One message. Names are kept in parts ("krbtgt", "EXAMPLE.COM"), each an instance for rules.
class message final : public one_way_message {
public:
  /// Most parts of a name that are kept.
  static constexpr std::size_t limit_name_parts = 32;
  using one_way_message::one_way_message;

  /// Reads a whole message. What is wrong becomes an event; false if it is none of Kerberos.
  bool read(byte_view bytes);
  /// The type of the request before it on the flow, which an error answers.
  void answers(message_type request) noexcept { failed_request_ = request; }
  /// The message was longer than what is kept of one: what could be read stays, with an event.
  void note_cut() noexcept { raise("malformed_data"); }

  message_type type() const noexcept { return type_; }

  std::size_t instances(buffer_id id) const noexcept override;
  std::optional<byte_view> buffer(buffer_id id, std::size_t instance) const noexcept override;
  std::size_t field_instances(field_id id) const noexcept override;
  std::optional<std::uint64_t> field(field_id id, std::size_t instance) const noexcept override;
  void write_members(json_writer& json) const override;

private:
  using name = std::vector<std::string>;
  bool read_fields(byte_view sequence);
  bool take_field(unsigned number, byte_view content);
  bool take_request_body(byte_view content);
  bool take_ticket(byte_view content);
  static bool read_name(byte_view content, std::optional<name>& into);
  const std::optional<name>& name_of_buffer(buffer_id id) const noexcept;

  message_type type_ = message_type::none;
  message_type failed_request_ = message_type::none;
  std::optional<name> client_, service_;
  std::optional<std::string> realm_;
  std::optional<std::int32_t> encryption_, ticket_encryption_, error_;
};

} // namespace cresset::detect::proto::krb5
