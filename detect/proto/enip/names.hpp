#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// What the numbers of ENIP and CIP are called in the event log.
namespace cresset::detect::proto::enip {

/// "list_identity"; "unknown-5" for a number without a name.
std::string command_name(std::uint16_t command);
std::string status_name(std::uint32_t status);
std::string service_name(std::uint8_t service);
std::string cip_status_name(std::uint8_t status);
/// "Identity"; empty for a class without a name.
std::string_view class_name(std::uint32_t object_class) noexcept;

} // namespace cresset::detect::proto::enip
