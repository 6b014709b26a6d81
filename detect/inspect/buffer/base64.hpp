#pragma once

#include "capture/base/byte_order.hpp"

#include <cstdint>
#include <vector>

namespace cresset::detect::inspect::buffer {

/// Decodes base64 (RFC 4648 section 4) into `out`, which is emptied first: white space is passed
/// over, and it ends at the first byte of another kind or at padding. False when that leaves
/// nothing.
bool decode_base64(byte_view encoded, std::vector<std::byte>& out) noexcept;

} // namespace cresset::detect::inspect::buffer
