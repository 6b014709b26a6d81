// Header, little-endian:  command 2 | length 2 | session 4 | status 4 | sender's context 8 |
// options 4
//
// Behind it, for the commands that carry more, stands the common packet format: count 2, then items
// of type 2 | length 2 | content. Of them the answers to ListIdentity and ListServices and the two
// kinds of CIP are read.
#include "detect/proto/enip/message.hpp"

#include "capture/base/byte_reader.hpp"
#include "detect/proto/enip/names.hpp"

namespace cresset::detect::proto::enip {
namespace {

enum command : std::uint16_t {
  list_services = 0x04,
  list_identity = 0x63,
  register_session = 0x65,
  send_rr_data = 0x6f,
  send_unit_data = 0x70,
};
enum item : std::uint16_t {
  identity_item = 0x0c,
  connected_data = 0xb1,
  unconnected_data = 0xb2,
  services_item = 0x100,
};
constexpr std::size_t items_limit = 16;
constexpr std::size_t socket_address_size = 16;
constexpr std::size_t service_name_size = 16;

std::optional<identity> read_identity(byte_reader in) {
  identity made;
  const auto version = in.le16();
  if (!version || !in.skip(socket_address_size))
    return std::nullopt;
  const auto vendor = in.le16();
  const auto type = in.le16();
  const auto product = in.le16();
  const auto revision = in.be16(); // two numbers of one byte: major, minor
  const auto status = in.le16();
  const auto serial = in.le32();
  const auto size = in.u8();
  const auto name = size ? in.take(*size) : std::nullopt;
  if (!name)
    return std::nullopt;
  made.protocol_version = *version;
  made.vendor_id = *vendor;
  made.device_type = *type;
  made.product_code = *product;
  made.revision = *revision;
  made.status = *status;
  made.serial = *serial;
  made.product_name = as_text(*name);
  made.state = in.u8().value_or(0);
  return made;
}

std::optional<services> read_services(byte_reader in) {
  const auto version = in.le16();
  const auto capabilities = in.le16();
  const auto name = in.take(service_name_size);
  if (!name)
    return std::nullopt;
  const auto text = as_text(*name);
  return services{*version, *capabilities, std::string{text.substr(0, text.find('\0'))}};
}

void read_item(message& made, std::uint16_t type, byte_view content) {
  switch (type) {
  case identity_item:
    made.device = read_identity(byte_reader{content});
    made.is_damaged = made.is_damaged || !made.device;
    break;
  case services_item:
    made.offered = read_services(byte_reader{content});
    made.is_damaged = made.is_damaged || !made.offered;
    break;
  case connected_data: // a count of sequence stands before CIP
    if (content.size() > 2)
      read_cip(content.subspan(2), made.cip);
    break;
  case unconnected_data:
    if (!content.empty())
      read_cip(content, made.cip);
    break;
  default: break;
  }
}

void read_items(message& made, byte_reader in) {
  const auto count = in.le16();
  if (!count) {
    made.is_damaged = true;
    return;
  }
  for (std::size_t i = 0; i < *count && i < items_limit; ++i) {
    const auto type = in.le16();
    const auto size = in.le16();
    const auto content = size ? in.take(*size) : std::nullopt;
    if (!content) {
      made.is_damaged = true;
      return;
    }
    read_item(made, *type, *content);
  }
}

} // namespace

std::optional<std::uint16_t> message::protocol_version() const noexcept {
  if (registered)
    return registered->protocol_version;
  if (device)
    return device->protocol_version;
  if (offered)
    return offered->protocol_version;
  return std::nullopt;
}

std::size_t body_size(byte_view header) noexcept {
  return load_le16(header.subspan<2, 2>());
}

message read_message(direction way, byte_view bytes) {
  byte_reader in{bytes};
  message made;
  made.command = *in.le16();
  in.skip(2);
  made.session_handle = *in.le32();
  made.status = *in.le32();
  made.context = *in.be64();
  in.skip(4);
  switch (made.command) {
  case register_session: {
    const auto version = in.le16();
    const auto options = in.le16();
    if (options)
      made.registered = session{*version, *options};
    else
      made.is_damaged = true;
    break;
  }
  case list_identity:
  case list_services:
    if (way == direction::to_client && !in.empty())
      read_items(made, in);
    break;
  case send_rr_data:
  case send_unit_data:
    if (in.skip(6)) // interface handle, timeout
      read_items(made, in);
    else
      made.is_damaged = !in.empty() || made.status == 0;
    break;
  default: break;
  }
  made.is_damaged = made.is_damaged || made.cip.is_damaged;
  return made;
}

void write_members(json_writer& json, const message& of) {
  json.member("command", command_name(of.command)).member("status", status_name(of.status));
  if (of.registered)
    json.key("register_session")
        .begin_object()
        .member("protocol_version", of.registered->protocol_version)
        .member("options", of.registered->options)
        .end_object();
  if (of.device) {
    const auto& d = *of.device;
    json.key("identity").begin_object().member("protocol_version", d.protocol_version);
    json.member("revision",
                std::to_string(d.revision >> 8) + "." + std::to_string(d.revision & 0xffU));
    json.member("vendor_id", d.vendor_id).member("device_type", d.device_type);
    json.member("product_code", d.product_code).member("status", d.status);
    json.member("serial", d.serial).member("product_name", d.product_name);
    json.member("state", d.state).end_object();
  }
  if (of.offered)
    json.key("list_services")
        .begin_object()
        .member("protocol_version", of.offered->protocol_version)
        .member("capabilities", of.offered->capabilities)
        .member("service_name", of.offered->name)
        .end_object();
  if (!of.cip.all.empty()) {
    json.key("cip").begin_object();
    write_members(json, of.cip, 0);
    json.end_object();
  }
}

} // namespace cresset::detect::proto::enip
