#include "detect/proto/mqtt/exchange.hpp"

#include <algorithm>

namespace cresset::detect::proto::mqtt {
namespace {

/// The table holds every kind twice, once a direction.
field_index kind_of(field_id id) noexcept {
  return static_cast<field_index>(id % static_cast<field_id>(field_index::count));
}

} // namespace

void exchange::add(message&& one) {
  // The other side's bytes count as well: both directions advance together.
  for (const auto way : {direction::to_server, direction::to_client})
    advance(way, static_cast<progress>(exchange_progress::begun));
  if (one.type() == message_type::connect && one.version != 0)
    version_ = one.version;
  if (messages_.size() >= messages_limit)
    return;
  retained_ += one.bytes.size();
  messages_.push_back(std::move(one));
}

void exchange::complete() {
  for (const auto way : {direction::to_server, direction::to_client})
    advance(way, progress_done);
}

const message* exchange::find(message_type type) const noexcept {
  const auto at = std::find_if(messages_.begin(), messages_.end(),
                               [&](const message& m) { return m.type() == type; });
  return at == messages_.end() || at->skipped_bytes ? nullptr : &*at;
}

std::optional<std::string_view> exchange::connect_text(buffer_index which) const noexcept {
  const auto* m = find(message_type::connect);
  if (m == nullptr)
    return std::nullopt;
  const auto flagged = [&](unsigned bit, std::string_view text) {
    return (m->flags & bit) != 0 ? std::optional{text} : std::nullopt;
  };
  switch (which) {
  case buffer_index::client_id: return m->client_id;
  case buffer_index::username: return flagged(connect_flags::username, m->username);
  case buffer_index::password: return flagged(connect_flags::password, m->password);
  case buffer_index::will_topic: return flagged(connect_flags::will, m->will_topic);
  case buffer_index::will_message: return flagged(connect_flags::will, m->will_message);
  default: return m->protocol;
  }
}

std::size_t exchange::instances(buffer_id id) const noexcept {
  const auto which = static_cast<buffer_index>(id);
  const auto topics = [&](message_type type, std::size_t limit) {
    const auto* m = find(type);
    return m == nullptr ? 0 : std::min(m->topics.size(), limit == 0 ? SIZE_MAX : limit);
  };
  switch (which) {
  case buffer_index::publish_topic_ts:
  case buffer_index::publish_topic_tc:
  case buffer_index::publish_message_ts:
  case buffer_index::publish_message_tc: return find(message_type::publish) != nullptr ? 1 : 0;
  case buffer_index::subscribe_topic:
    return topics(message_type::subscribe, settings_.subscribe_topics_matched);
  case buffer_index::unsubscribe_topic:
    return topics(message_type::unsubscribe, settings_.unsubscribe_topics_matched);
  default: return connect_text(which) ? 1 : 0;
  }
}

std::optional<byte_view> exchange::buffer(buffer_id id, std::size_t instance) const noexcept {
  if (instance >= instances(id))
    return std::nullopt;
  const auto which = static_cast<buffer_index>(id);
  switch (which) {
  case buffer_index::publish_topic_ts:
  case buffer_index::publish_topic_tc: return as_bytes(find(message_type::publish)->topic);
  case buffer_index::publish_message_ts:
  case buffer_index::publish_message_tc: return as_bytes(find(message_type::publish)->payload);
  case buffer_index::subscribe_topic:
    return as_bytes(find(message_type::subscribe)->topics[instance].topic);
  case buffer_index::unsubscribe_topic:
    return as_bytes(find(message_type::unsubscribe)->topics[instance].topic);
  default: return as_bytes(*connect_text(which));
  }
}

/// Reason codes of all messages in a row; also counts how many there are before `instance`.
std::optional<std::uint64_t> exchange::nth_reason(std::size_t instance,
                                                  std::size_t& count) const noexcept {
  count = 0;
  for (const auto& m : messages_) {
    if (m.reason_code && count++ == instance)
      return *m.reason_code;
    // what SUBACK carried before version 5 are granted levels
    const bool reasons = m.type() != message_type::suback || version_ >= version_5;
    if (!reasons)
      continue;
    if (instance - count < m.reason_codes.size())
      return m.reason_codes[instance - count];
    count += m.reason_codes.size();
  }
  return std::nullopt;
}

std::size_t exchange::field_instances(field_id id) const noexcept {
  std::size_t count = 0;
  switch (kind_of(id)) {
  case field_index::version: return version_ != 0 ? 1 : 0;
  case field_index::type:
  case field_index::flags:
  case field_index::qos: return messages_.size();
  case field_index::reason_code: nth_reason(SIZE_MAX, count); return count;
  case field_index::connect_flags: return find(message_type::connect) != nullptr ? 1 : 0;
  case field_index::session_present: return find(message_type::connack) != nullptr ? 1 : 0;
  case field_index::count: break;
  }
  return 0;
}

std::optional<std::uint64_t> exchange::field(field_id id, std::size_t instance) const noexcept {
  if (instance >= field_instances(id))
    return std::nullopt;
  std::size_t count = 0;
  switch (kind_of(id)) {
  case field_index::version: return version_;
  case field_index::type: return static_cast<std::uint64_t>(messages_[instance].type());
  case field_index::flags: return messages_[instance].head.byte & 0x0fU;
  case field_index::qos: return messages_[instance].head.qos();
  case field_index::reason_code: return nth_reason(instance, count);
  case field_index::connect_flags: return find(message_type::connect)->flags;
  case field_index::session_present: return find(message_type::connack)->flags & 1U;
  case field_index::count: break;
  }
  return std::nullopt;
}

} // namespace cresset::detect::proto::mqtt
