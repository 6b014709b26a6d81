#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// Numbers of the protocol as the event log writes them (RFC 1094, RFC 1813, RFC 7530, RFC 8881,
/// RFC 7862): without the prefix that names the version.
namespace cresset::detect::proto::nfs {

/// "READ": of a procedure of versions 2 and 3, of an operation of version 4; "UNKNOWN" of another.
std::string_view operation_name(std::uint32_t version, std::uint32_t number) noexcept;
/// "OK", "ERR_NOENT"; of a number without a name "UNKNOWN_99".
std::string status_name(std::uint32_t status);

} // namespace cresset::detect::proto::nfs
