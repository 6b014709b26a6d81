#pragma once

#include <string>
#include <string_view>

/// Digests as rules and event logs write them, in lower-case hexadecimal digits.
namespace cresset::detect::proto {

std::string md5_hex(std::string_view bytes);
std::string sha1_hex(std::string_view bytes);
std::string sha256_hex(std::string_view bytes);
/// "aa:bb:…"
std::string sha1_colons(std::string_view bytes);

} // namespace cresset::detect::proto
