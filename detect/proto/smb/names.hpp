#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// Numbers of the protocol as the event log writes them ([MS-CIFS], [MS-SMB2], [MS-ERREF],
/// [MS-FSCC]).
namespace cresset::detect::proto::smb {

/// "SMB2_COMMAND_CREATE"; of a number that is none "SMB2_COMMAND_UNKNOWN_00ff".
std::string command_name(int version, std::uint16_t command);
/// "STATUS_ACCESS_DENIED"; empty for one without a known name.
std::string_view status_name(std::uint32_t status) noexcept;
/// "SRV_BADUID", of an error of the old classes; empty for one without a known name.
std::string_view dos_error_name(std::uint8_t error_class, std::uint16_t code) noexcept;
/// "3.11"
std::string dialect_name(std::uint16_t dialect);
/// "FILE_OPEN_IF"
std::string_view disposition_name(std::uint32_t disposition) noexcept;
/// "FSCTL_PIPE_TRANSCEIVE"; empty for one without a known name.
std::string_view function_name(std::uint32_t function) noexcept;
/// "FileBasicInformation"-like names of what a SET_INFO sets; empty for one without a known name.
std::string_view information_class(std::uint8_t type) noexcept;
std::string_view information_level(std::uint8_t type, std::uint8_t level) noexcept;
/// Trans2 information levels of SMB1.
std::string_view information_level1(std::uint16_t level) noexcept;

/// "0x1f"
std::string hex(std::uint64_t value, unsigned least_digits = 1);

} // namespace cresset::detect::proto::smb
