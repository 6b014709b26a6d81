#pragma once

#include "capture/base/byte_order.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cresset {

/// Bytes as printable text, five characters for four bytes (ZeroMQ RFC 32). `bytes.size()` must
/// divide by 4.
std::string to_z85(byte_view bytes);

/// Nothing when the length does not divide by 5, a character is not of the alphabet, or a group of
/// five is above 2^32.
std::optional<std::vector<std::byte>> from_z85(std::string_view text);

} // namespace cresset
