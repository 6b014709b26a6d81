#include "detect/proto/dhcp/message.hpp"

#include "capture/base/ip_address.hpp"

#include <fmt/format.h>

#include <array>
#include <iterator>

namespace cresset::detect::proto::dhcp {
namespace {

constexpr std::size_t xid_at = 4, client_at = 12, assigned_at = 16, next_server_at = 20,
                      relay_at = 24, hardware_at = 28;

constexpr std::array<std::string_view, 9> type_names{
    "", "discover", "offer", "request", "decline", "ack", "nak", "release", "inform"};

std::string with_colons(byte_view bytes) {
  std::string text;
  for (const auto byte : bytes)
    fmt::format_to(std::back_inserter(text), "{}{:02x}", text.empty() ? "" : ":",
                   std::to_integer<unsigned>(byte));
  return text;
}

std::string address_text(byte_view four) {
  return ip_address::v4(four.first<4>()).to_string();
}

/// Names of options in a list of wishes; those without one by their number.
std::string parameter_name(unsigned code) {
  switch (code) {
  case 1: return "subnet_mask";
  case 2: return "time_offset";
  case 3: return "router";
  case 4: return "time_server";
  case 6: return "dns_server";
  case 12: return "hostname";
  case 15: return "domain";
  case 26: return "mtu";
  case 28: return "broadcast_address";
  case 33: return "static_route";
  case 42: return "ntp_server";
  case 43: return "vendor_specific";
  case 44: return "netbios_name_server";
  case 46: return "netbios_node_type";
  case 47: return "netbios_scope";
  case 51: return "lease_time";
  case 54: return "server_id";
  case 58: return "renewal_time";
  case 59: return "rebinding_time";
  case 66: return "tftp_server_name";
  case 67: return "bootfile_name";
  case 119: return "domain_search";
  case 121: return "classless_static_route";
  case 252: return "wpad";
  default: return std::to_string(code);
  }
}

void write_addresses(json_writer& json, std::string_view name, byte_view list) {
  json.key(name).begin_array();
  for (; list.size() >= 4; list = list.subspan(4))
    json.text(address_text(list));
  json.end_array();
}

} // namespace

std::string message::address_at(std::size_t offset) const {
  return address_text(byte_view{bytes_}.subspan(offset));
}

void message::write_members(json_writer& json) const {
  if (!one_way_message::is_logged())
    return;
  const byte_view own{bytes_};
  const auto op = std::to_integer<unsigned>(own[0]);
  json.member("type", op == 1 ? "request" : op == 2 ? "reply" : "<unknown>");
  json.member("id", load_be32(own.subspan(xid_at).first<4>()));
  const auto hardware_size = std::to_integer<std::size_t>(own[2]);
  json.member("client_mac", with_colons(own.subspan(hardware_at, hardware_size)));
  json.member("assigned_ip", address_at(assigned_at));
  if (extended_) {
    json.member("client_ip", address_at(client_at));
    if (load_be32(own.subspan(relay_at).first<4>()) != 0)
      json.member("relay_ip", address_at(relay_at));
    json.member("next_server_ip", address_at(next_server_at));
  }
  if (const auto kind = type(); kind > 0)
    json.member("dhcp_type", kind < type_names.size() ? type_names[kind] : "<unknown>");
  write_options(json);
}

void message::write_options(json_writer& json) const {
  const auto write_number = [&](std::string_view name, std::uint8_t code) {
    if (const auto value = number_in(code))
      json.member(name, *value);
  };
  write_number("lease_time", option_code::lease_time);
  write_number("renewal_time", option_code::renewal_time);
  write_number("rebinding_time", option_code::rebinding_time);
  if (const auto id = find(option_code::client_id))
    json.member("client_id", with_colons(id->subspan(1)));
  if (!extended_)
    return;
  const auto write_text = [&](std::string_view name, std::uint8_t code) {
    if (const auto value = find(code); value && !value->empty())
      json.member(name, as_text(*value));
  };
  if (const auto mask = find(option_code::subnet_mask))
    json.member("subnet_mask", address_text(*mask));
  if (const auto routers = find(option_code::router))
    write_addresses(json, "routers", *routers);
  if (const auto servers = find(option_code::dns_server))
    write_addresses(json, "dns_servers", *servers);
  write_text("hostname", option_code::hostname);
  if (const auto wanted = find(option_code::requested_ip))
    json.member("requested_ip", address_text(*wanted));
  write_text("vendor_class_identifier", option_code::vendor_class);
  if (const auto wishes = find(option_code::parameters)) {
    json.key("params").begin_array();
    for (const auto code : *wishes)
      json.text(parameter_name(std::to_integer<unsigned>(code)));
    json.end_array();
  }
}

} // namespace cresset::detect::proto::dhcp
