#pragma once

#include "detect/proto/event_list.hpp"
#include "detect/proto/mqtt/message.hpp"
#include "detect/proto/mqtt/settings.hpp"
#include "detect/proto/transaction.hpp"

namespace cresset::detect::proto::mqtt {

/// How far an exchange has come: its first message is read; it is complete.
enum class exchange_progress : progress { begun = 1, complete = progress_done };

/// Indexes of the tables in parser.cpp, in their order.
enum class buffer_index : buffer_id {
  client_id,
  username,
  password,
  will_topic,
  will_message,
  protocol_string,
  publish_topic_ts,
  publish_topic_tc,
  publish_message_ts,
  publish_message_tc,
  subscribe_topic,
  unsubscribe_topic,
};
enum class field_index : field_id {
  version,
  type,
  flags,
  qos,
  reason_code,
  connect_flags,
  session_present,
  count
};

/// Messages that belong together. Rules see it in the direction of its first message only, and
/// there all its messages: that is how rule sets count.
class exchange final : public transaction {
public:
  /// An exchange has at most PUBLISH, PUBREC, PUBREL, PUBCOMP; repeated ones are not retained.
  static constexpr std::size_t messages_limit = 8;

  exchange(std::uint64_t number, direction way, std::uint8_t version,
           const settings& wanted) noexcept
      : transaction{number}, way_{way}, version_{version}, settings_{wanted} {}

  void add(message&& one);
  void complete();
  void raise(std::string_view event) noexcept { events_.raise(event); }

  direction way() const noexcept { return way_; }
  bool is_complete() const noexcept { return is_done(); }
  /// Null for one that only carries an event.
  const message* first() const noexcept { return messages_.empty() ? nullptr : &messages_.front(); }
  std::span<const message> messages() const noexcept { return messages_; }
  std::size_t retained_bytes() const noexcept { return retained_; }

  bool concerns(direction way) const noexcept override { return way == way_; }
  std::size_t instances(buffer_id id) const noexcept override;
  std::optional<byte_view> buffer(buffer_id id, std::size_t instance) const noexcept override;
  std::size_t field_instances(field_id id) const noexcept override;
  std::optional<std::uint64_t> field(field_id id, std::size_t instance) const noexcept override;
  std::span<const std::string_view> events() const noexcept override { return events_.all(); }
  bool is_logged() const noexcept override { return !messages_.empty(); }
  void write_members(json_writer& json) const override;

private:
  const message* find(message_type type) const noexcept;
  std::optional<std::string_view> connect_text(buffer_index which) const noexcept;
  std::optional<std::uint64_t> nth_reason(std::size_t instance, std::size_t& count) const noexcept;

  direction way_;
  std::uint8_t version_;
  const settings& settings_;
  std::vector<message> messages_;
  std::size_t retained_ = 0;
  event_list events_;
};

} // namespace cresset::detect::proto::mqtt
