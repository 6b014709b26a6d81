#pragma once

#include "capture/base/byte_order.hpp"

#include <cstdint>
#include <vector>

namespace cresset::detect::inspect::buffer {

/// What is done with a byte that is no digit: `lenient` passes over white space and ends at others,
/// `skipping` passes over all (RFC 2045 section 6.8), `strict` takes nothing of a text that has one.
enum class base64_mode : std::uint8_t { lenient, skipping, strict };

/// Decodes base64 (RFC 4648 section 4) into `out`, which is emptied first; padding ends it. False
/// when that leaves nothing.
bool decode_base64(byte_view encoded, std::vector<std::byte>& out,
                   base64_mode mode = base64_mode::lenient) noexcept;

} // namespace cresset::detect::inspect::buffer
