#pragma once

#include "detect/proto/event_list.hpp"
#include "detect/proto/ldap/operation.hpp"
#include "detect/proto/transaction.hpp"

#include <optional>
#include <vector>

namespace cresset::detect::proto::ldap {

/// Indexes of the tables in parser.cpp, in their order.
enum class buffer_index : buffer_id {
  request_dn,
  request_attribute_type,
  responses_dn,
  responses_message,
  responses_attribute_type,
};
enum class field_index : field_id {
  request_operation,
  responses_operation,
  responses_result_code,
  responses_count,
};

/// One request and its responses. The request is done when it is there, the responses when the last
/// one is.
class exchange final : public transaction {
public:
  /// Most responses that are kept, and most of their bytes; those over it are only counted.
  static constexpr std::size_t limit_responses = 512;
  static constexpr std::size_t limit_response_bytes = 256 * 1024;

  using transaction::transaction;

  void ask(operation request);
  void answer(operation response);
  /// No response comes any more.
  void finish() noexcept;
  void raise(std::string_view event) noexcept { events_.raise(event); }

  std::int64_t message_id() const noexcept { return message_id_; }
  const std::optional<operation>& request() const noexcept { return request_; }
  const std::vector<operation>& responses() const noexcept { return responses_; }
  /// All that came, kept or not.
  std::size_t response_count() const noexcept { return response_count_; }

  std::size_t instances(buffer_id id) const noexcept override;
  std::optional<byte_view> buffer(buffer_id id, std::size_t instance) const noexcept override;
  std::size_t field_instances(field_id id) const noexcept override;
  std::optional<std::uint64_t> field(field_id id, std::size_t instance) const noexcept override;
  std::span<const std::string_view> events() const noexcept override { return events_.all(); }
  bool is_logged() const noexcept override { return request_ || !responses_.empty(); }
  void write_members(json_writer& json) const override;

private:
  std::int64_t message_id_ = -1;
  std::optional<operation> request_;
  std::vector<operation> responses_;
  std::size_t response_count_ = 0;
  std::size_t response_bytes_ = 0;
  event_list events_;
};

} // namespace cresset::detect::proto::ldap
