// A control packet (MQTT 5 section 2.1):
//
//   type and flags 1 | remaining length 1-4 | variable header | payload
//
// The parser has cut the first two off. Version 5 puts a block of properties at the end of each
// variable header, and lets acknowledgements leave out a reason code of 0.
#include "detect/proto/mqtt/message.hpp"

#include "capture/base/byte_reader.hpp"
#include "detect/proto/mqtt/properties.hpp"

#include <array>

namespace cresset::detect::proto::mqtt {
namespace {

/// Reads an optional text: true when it is not wanted, or there.
bool read_wanted(byte_reader& in, bool wanted, std::string_view& text) {
  if (!wanted)
    return true;
  const auto read = read_text(in);
  text = read.value_or(std::string_view{});
  return read.has_value();
}

bool read_block(byte_reader& in, std::uint8_t version, byte_view& properties) {
  if (version < version_5)
    return true;
  const auto read = read_properties(in);
  properties = read.value_or(byte_view{});
  return read.has_value();
}

bool read_connect(message& m, byte_reader& in) {
  const auto protocol = read_text(in);
  const auto version = in.u8();
  const auto flags = in.u8();
  if (!protocol || !flags || !in.be16() || !read_block(in, *version, m.properties))
    return false;
  m.protocol = *protocol;
  m.version = *version;
  m.flags = *flags;
  const bool has_will = (m.flags & connect_flags::will) != 0;
  return read_wanted(in, true, m.client_id) &&
         (!has_will || read_block(in, m.version, m.will_properties)) &&
         read_wanted(in, has_will, m.will_topic) && read_wanted(in, has_will, m.will_message) &&
         read_wanted(in, (m.flags & connect_flags::username) != 0, m.username) &&
         read_wanted(in, (m.flags & connect_flags::password) != 0, m.password);
}

bool read_connack(message& m, byte_reader& in, std::uint8_t version) {
  const auto flags = in.u8();
  m.reason_code = in.u8();
  m.flags = flags.value_or(0);
  return m.reason_code && read_block(in, version, m.properties);
}

bool read_publish(message& m, byte_reader& in, std::uint8_t version) {
  if (!read_wanted(in, true, m.topic))
    return false;
  if (m.head.qos() > 0 && !(m.id = in.be16()))
    return false;
  if (!read_block(in, version, m.properties))
    return false;
  m.payload = as_text(in.rest());
  return true;
}

/// PUBACK, PUBREC, PUBREL, PUBCOMP.
bool read_acknowledgement(message& m, byte_reader& in, std::uint8_t version) {
  m.id = in.be16();
  if (!m.id || version < version_5)
    return m.id.has_value();
  m.reason_code = in.u8().value_or(0);
  return in.empty() || read_block(in, version, m.properties);
}

/// SUBSCRIBE, UNSUBSCRIBE.
bool read_topics(message& m, byte_reader& in, std::uint8_t version) {
  m.id = in.be16();
  if (!m.id || !read_block(in, version, m.properties))
    return false;
  while (!in.empty()) {
    const auto topic = read_text(in);
    const auto options =
        m.type() == message_type::subscribe ? in.u8() : std::optional<std::uint8_t>{0};
    if (!topic || !options)
      return false;
    if (m.topics.size() < message::topics_limit)
      m.topics.push_back({*topic, static_cast<std::uint8_t>(*options & 3U)});
  }
  return true;
}

/// SUBACK, UNSUBACK.
bool read_reasons(message& m, byte_reader& in, std::uint8_t version) {
  m.id = in.be16();
  if (!m.id || !read_block(in, version, m.properties))
    return false;
  while (!in.empty() && m.reason_codes.size() < message::topics_limit)
    m.reason_codes.push_back(*in.u8());
  return true;
}

/// DISCONNECT, AUTH.
bool read_end(message& m, byte_reader& in, std::uint8_t version) {
  if (version < version_5)
    return true;
  m.reason_code = in.u8().value_or(0);
  return in.empty() || read_block(in, version, m.properties);
}

} // namespace

std::string_view name_of(message_type type) noexcept {
  static constexpr std::array<std::string_view, 16> names{
      "unassigned", "connect",  "connack",    "publish", "puback",      "pubrec",
      "pubrel",     "pubcomp",  "subscribe",  "suback",  "unsubscribe", "unsuback",
      "pingreq",    "pingresp", "disconnect", "auth"};
  return names[static_cast<std::size_t>(type) & 15U];
}

bool message::read(byte_view body, std::uint8_t spoken) {
  bytes.assign(body.begin(), body.end());
  byte_reader in{bytes};
  switch (type()) {
  case message_type::connect: return read_connect(*this, in);
  case message_type::connack: return read_connack(*this, in, spoken);
  case message_type::publish: return read_publish(*this, in, spoken);
  case message_type::puback:
  case message_type::pubrec:
  case message_type::pubrel:
  case message_type::pubcomp: return read_acknowledgement(*this, in, spoken);
  case message_type::subscribe:
  case message_type::unsubscribe: return read_topics(*this, in, spoken);
  case message_type::suback:
  case message_type::unsuback: return read_reasons(*this, in, spoken);
  case message_type::disconnect:
  case message_type::auth: return read_end(*this, in, spoken);
  case message_type::unassigned:
  case message_type::pingreq:
  case message_type::pingresp: break;
  }
  return true;
}

} // namespace cresset::detect::proto::mqtt
