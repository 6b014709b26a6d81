#include "detect/proto/enip/names.hpp"

#include <span>
#include <utility>

namespace cresset::detect::proto::enip {
namespace {

using named = std::pair<std::uint32_t, std::string_view>;

constexpr named commands[] = {{0x00, "nop"},
                              {0x04, "list_services"},
                              {0x63, "list_identity"},
                              {0x64, "list_interfaces"},
                              {0x65, "register_session"},
                              {0x66, "unregister_session"},
                              {0x6f, "send_rr_data"},
                              {0x70, "send_unit_data"},
                              {0x72, "indicate_status"},
                              {0x73, "cancel"}};
constexpr named statuses[] = {{0x00, "success"},
                              {0x01, "invalid_cmd"},
                              {0x02, "no_resources"},
                              {0x03, "incorrect_data"},
                              {0x64, "invalid_session"},
                              {0x65, "invalid_length"},
                              {0x69, "unsupported_prot_rev"},
                              {0x6a, "encap_header_error"}};
// Volume 1, appendix A, and the services of the connection manager and of the logix family.
constexpr named services[] = {{0x01, "get_attributes_all"},
                              {0x02, "set_attributes_all"},
                              {0x03, "get_attribute_list"},
                              {0x04, "set_attribute_list"},
                              {0x05, "reset"},
                              {0x06, "start"},
                              {0x07, "stop"},
                              {0x08, "create"},
                              {0x09, "delete"},
                              {0x0a, "multiple_service"},
                              {0x0d, "apply_attributes"},
                              {0x0e, "get_attribute_single"},
                              {0x10, "set_attribute_single"},
                              {0x11, "find_next"},
                              {0x15, "restore"},
                              {0x16, "save"},
                              {0x17, "nop"},
                              {0x18, "get_member"},
                              {0x19, "set_member"},
                              {0x1a, "insert_member"},
                              {0x1b, "remove_member"},
                              {0x1c, "group_sync"},
                              {0x4b, "execute_pccc"},
                              {0x4c, "read_tag"},
                              {0x4d, "write_tag"},
                              {0x4e, "forward_close"},
                              {0x52, "unconnected_send"},
                              {0x53, "write_tag_fragmented"},
                              {0x54, "forward_open"},
                              {0x55, "get_instance_attribute_list"},
                              {0x56, "get_connection_data"},
                              {0x57, "search_connection_data"},
                              {0x5a, "get_connection_owner"},
                              {0x5b, "large_forward_open"}};
constexpr named cip_statuses[] = {{0x00, "success"},
                                  {0x01, "connection_failure"},
                                  {0x02, "resource_unavailable"},
                                  {0x03, "invalid_parameter"},
                                  {0x04, "path_segment_error"},
                                  {0x05, "path_destination_unknown"},
                                  {0x06, "partial_transfer"},
                                  {0x07, "connection_lost"},
                                  {0x08, "service_not_supported"},
                                  {0x09, "invalid_attribute"},
                                  {0x0a, "attribute_list_error"},
                                  {0x0b, "already_in_state"},
                                  {0x0c, "object_state_conflict"},
                                  {0x0d, "object_already_exists"},
                                  {0x0e, "attribute_not_settable"},
                                  {0x0f, "privilege_violation"},
                                  {0x10, "device_state_conflict"},
                                  {0x11, "reply_data_too_large"},
                                  {0x12, "fragmentation"},
                                  {0x13, "not_enough_data"},
                                  {0x14, "attribute_not_supported"},
                                  {0x15, "too_much_data"},
                                  {0x16, "object_does_not_exist"},
                                  {0x1e, "embedded_service_error"},
                                  {0x1f, "vendor_specific"},
                                  {0x20, "invalid_parameter"},
                                  {0x25, "key_failure"},
                                  {0x26, "path_size_invalid"},
                                  {0x27, "unexpected_attribute"},
                                  {0x28, "invalid_member_id"}};
constexpr named classes[] = {{0x01, "Identity"},
                             {0x02, "Message Router"},
                             {0x03, "DeviceNet"},
                             {0x04, "Assembly"},
                             {0x05, "Connection"},
                             {0x06, "Connection Manager"},
                             {0x07, "Register"},
                             {0x08, "Discrete Input Point"},
                             {0x09, "Discrete Output Point"},
                             {0x0a, "Analog Input Point"},
                             {0x0b, "Analog Output Point"},
                             {0x0e, "Presence Sensing"},
                             {0x0f, "Parameter"},
                             {0x10, "Parameter Group"},
                             {0x12, "Group"},
                             {0x1d, "Discrete Input Group"},
                             {0x1e, "Discrete Output Group"},
                             {0x1f, "Discrete Group"},
                             {0x20, "Analog Input Group"},
                             {0x21, "Analog Output Group"},
                             {0x22, "Analog Group"},
                             {0x23, "Position Sensor"},
                             {0x28, "Motor Data"},
                             {0x29, "Control Supervisor"},
                             {0x2a, "AC/DC Drive"},
                             {0x37, "File"},
                             {0x64, "Program Name"},
                             {0x6b, "Symbol"},
                             {0x6c, "Template"},
                             {0xf4, "Port"},
                             {0xf5, "TCP/IP Interface"},
                             {0xf6, "Ethernet Link"}};

std::string_view find(std::span<const named> names, std::uint32_t number) noexcept {
  for (const auto& [each, name] : names)
    if (each == number)
      return name;
  return {};
}
std::string find_or_number(std::span<const named> names, std::uint32_t number) {
  const auto name = find(names, number);
  return name.empty() ? "unknown-" + std::to_string(number) : std::string{name};
}

} // namespace

std::string command_name(std::uint16_t command) {
  return find_or_number(commands, command);
}
std::string status_name(std::uint32_t status) {
  return find_or_number(statuses, status);
}
std::string service_name(std::uint8_t service) {
  return find_or_number(services, service);
}
std::string cip_status_name(std::uint8_t status) {
  return find_or_number(cip_statuses, status);
}
std::string_view class_name(std::uint32_t object_class) noexcept {
  return find(classes, object_class);
}

} // namespace cresset::detect::proto::enip
