// The object "mqtt" of the event log: one member for each message of the exchange, named by its
// type.
#include "detect/proto/mqtt/exchange.hpp"
#include "detect/proto/mqtt/properties.hpp"

#include <fmt/format.h>

namespace cresset::detect::proto::mqtt {
namespace {

class message_writer {
public:
  message_writer(json_writer& json, const settings& wanted) noexcept
      : json_{json}, settings_{wanted} {}

  void write(const message& m) const {
    json_.key(name_of(m.type())).begin_object();
    json_.member("qos", m.head.qos())
        .member("retain", m.head.is_retained())
        .member("dup", m.head.is_duplicate());
    if (m.skipped_bytes)
      json_.member("truncated", true).member("skipped_length", *m.skipped_bytes);
    else
      write_content(m);
    json_.end_object();
  }

private:
  void text(std::string_view key, std::string_view value) const {
    const auto limit = settings_.logged_text_bytes;
    if (value.size() <= limit)
      json_.member(key, value);
    else
      json_.member(key, fmt::format("{}[truncated {} additional bytes]", value.substr(0, limit),
                                    value.size() - limit));
  }

  void properties(byte_view block) const {
    if (block.empty())
      return;
    json_.key("properties").begin_object();
    byte_reader in{block};
    while (!in.empty()) {
      const auto one = read_property(in);
      if (!one)
        break;
      if (one->what == property::kind::number)
        json_.member(one->name, one->number);
      else
        text(one->name, one->text);
    }
    json_.end_object();
  }

  void connect(const message& m) const {
    text("protocol_string", m.protocol);
    json_.member("protocol_version", m.version).key("flags").begin_object();
    const auto flag = [&](std::string_view name, unsigned bit) {
      json_.member(name, (m.flags & bit) != 0);
    };
    flag("username", connect_flags::username);
    flag("password", connect_flags::password);
    flag("will_retain", connect_flags::will_retain);
    flag("will", connect_flags::will);
    flag("clean_session", connect_flags::clean_session);
    json_.end_object();
    text("client_id", m.client_id);
    if ((m.flags & connect_flags::will) != 0) {
      json_.key("will").begin_object();
      text("topic", m.will_topic);
      text("message", m.will_message);
      properties(m.will_properties);
      json_.end_object();
    }
    if ((m.flags & connect_flags::username) != 0)
      text("username", m.username);
    if ((m.flags & connect_flags::password) != 0 && settings_.log_passwords)
      text("password", m.password);
  }

  void topics(const message& m) const {
    json_.key("topics").begin_array();
    for (const auto& one : m.topics) {
      if (m.type() == message_type::unsubscribe) {
        json_.text(one.topic.substr(0, settings_.logged_text_bytes));
        continue;
      }
      json_.begin_object();
      text("topic", one.topic);
      json_.member("qos", one.qos).end_object();
    }
    json_.end_array();
  }

  void codes(std::string_view key, const message& m) const {
    json_.key(key).begin_array();
    for (const auto code : m.reason_codes)
      json_.number(std::uint64_t{code});
    json_.end_array();
  }

  void write_content(const message& m) const {
    if (m.id)
      json_.member("message_id", *m.id);
    switch (m.type()) {
    case message_type::connect: connect(m); break;
    case message_type::connack:
      json_.member("session_present", (m.flags & 1U) != 0).member("return_code", *m.reason_code);
      break;
    case message_type::publish:
      text("topic", m.topic);
      text("message", m.payload);
      break;
    case message_type::subscribe:
    case message_type::unsubscribe: topics(m); break;
    case message_type::suback: codes("qos_granted", m); break;
    case message_type::unsuback:
      if (!m.reason_codes.empty())
        codes("reason_codes", m);
      break;
    default:
      if (m.reason_code)
        json_.member("reason_code", *m.reason_code);
    }
    properties(m.properties);
  }

  json_writer& json_;
  const settings& settings_;
};

} // namespace

void exchange::write_members(json_writer& json) const {
  const message_writer to{json, settings_};
  std::uint32_t written = 0; // a type that comes twice has one member
  for (const auto& m : messages_) {
    const auto bit = 1U << static_cast<unsigned>(m.type());
    if ((written & bit) == 0)
      to.write(m);
    written |= bit;
  }
}

} // namespace cresset::detect::proto::mqtt
