#pragma once

#include "detect/proto/tls/message.hpp"

#include <string>
#include <string_view>

/// Fingerprints of hellos, in the words of those who defined them. GREASE values never count.
namespace cresset::detect::proto::tls {

/// "771,4865-4866,0-10-43,29-23,0": version, ciphers, extensions, groups, point formats.
std::string ja3_text(const client_hello& hello);
/// "771,4865,43-51": version, cipher, extensions.
std::string ja3s_text(const server_hello& hello);
/// "t13d1516h2_8daaf6152771_e5627efa2ab1" (FoxIO's JA4); `transport` is 't' or 'q'.
std::string ja4_text(const client_hello& hello, char transport);

} // namespace cresset::detect::proto::tls
