#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace cresset::detect::proto::rdp {

/// "tls" and others ([MS-RDPBCGR] 2.2.1.2.1); "unknown".
std::string_view protocol_name(std::uint32_t selected) noexcept;
/// Why a negotiation failed (2.2.1.2.2); "unknown".
std::string_view failure_name(std::uint32_t code) noexcept;
/// "RDP v5" (2.2.1.3.2); the number in hexadecimal where it has no name.
std::string version_name(std::uint32_t version);
/// "Windows XP"; the number where it has no name.
std::string build_name(std::uint32_t build);
/// "en-US"; the number in hexadecimal where it has no name.
std::string layout_name(std::uint32_t layout);
/// "ibm_enhanced"; the number where it has no name.
std::string keyboard_name(std::uint32_t type);
/// "lan"; the number where it has no name.
std::string connection_name(std::uint32_t hint);

} // namespace cresset::detect::proto::rdp
