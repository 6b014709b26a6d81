#include "detect/proto/mqtt/properties.hpp"

#include <array>

namespace cresset::detect::proto::mqtt {
namespace {

enum class form : std::uint8_t { u8, u16, u32, variable, text, pair };
struct entry {
  std::uint8_t id;
  form how;
  std::string_view name;
};

constexpr std::array entries{
    entry{1, form::u8, "payload_format_indicator"},
    entry{2, form::u32, "message_expiry_interval"},
    entry{3, form::text, "content_type"},
    entry{8, form::text, "response_topic"},
    entry{9, form::text, "correlation_data"},
    entry{11, form::variable, "subscription_identifier"},
    entry{17, form::u32, "session_expiry_interval"},
    entry{18, form::text, "assigned_client_identifier"},
    entry{19, form::u16, "server_keep_alive"},
    entry{21, form::text, "authentication_method"},
    entry{22, form::text, "authentication_data"},
    entry{23, form::u8, "request_problem_information"},
    entry{24, form::u32, "will_delay_interval"},
    entry{25, form::u8, "request_response_information"},
    entry{26, form::text, "response_information"},
    entry{28, form::text, "server_reference"},
    entry{31, form::text, "reason_string"},
    entry{33, form::u16, "receive_maximum"},
    entry{34, form::u16, "topic_alias_maximum"},
    entry{35, form::u16, "topic_alias"},
    entry{36, form::u8, "maximum_qos"},
    entry{37, form::u8, "retain_available"},
    entry{38, form::pair, ""},
    entry{39, form::u32, "maximum_packet_size"},
    entry{40, form::u8, "wildcard_subscription_available"},
    entry{41, form::u8, "subscription_identifier_available"},
    entry{42, form::u8, "shared_subscription_available"},
};

std::optional<std::uint32_t> read_number(byte_reader& in, form how) noexcept {
  switch (how) {
  case form::u8: return in.u8();
  case form::u16: return in.be16();
  case form::u32: return in.be32();
  default: return read_variable_number(in);
  }
}

} // namespace

std::optional<std::uint32_t> read_variable_number(byte_reader& in) noexcept {
  std::uint32_t value = 0;
  for (unsigned shift = 0; shift < 28; shift += 7) {
    const auto byte = in.u8();
    if (!byte)
      return std::nullopt;
    value |= static_cast<std::uint32_t>(*byte & 0x7fU) << shift;
    if ((*byte & 0x80U) == 0)
      return value;
  }
  return std::nullopt;
}

std::optional<std::string_view> read_text(byte_reader& in) noexcept {
  const auto size = in.be16();
  const auto bytes = size ? in.take(*size) : std::nullopt;
  return bytes ? std::optional{as_text(*bytes)} : std::nullopt;
}

std::optional<property> read_property(byte_reader& in) noexcept {
  const auto id = read_variable_number(in);
  if (!id)
    return std::nullopt;
  for (const auto& one : entries) {
    if (one.id != *id)
      continue;
    property made{.name = one.name, .text = {}};
    if (one.how != form::text && one.how != form::pair) {
      const auto number = read_number(in, one.how);
      made.number = number.value_or(0);
      return number ? std::optional{made} : std::nullopt;
    }
    const auto first = read_text(in);
    const auto second = first && one.how == form::pair ? read_text(in) : first;
    if (!second)
      return std::nullopt;
    made.what = one.how == form::pair ? property::kind::pair : property::kind::text;
    if (one.how == form::pair)
      made.name = *first;
    made.text = *second;
    return made;
  }
  return std::nullopt;
}

std::optional<byte_view> read_properties(byte_reader& in) noexcept {
  const auto size = read_variable_number(in);
  const auto bytes = size ? in.take(*size) : std::nullopt;
  if (!bytes)
    return std::nullopt;
  for (byte_reader inner{*bytes}; !inner.empty();)
    if (!read_property(inner))
      return std::nullopt;
  return bytes;
}

} // namespace cresset::detect::proto::mqtt
