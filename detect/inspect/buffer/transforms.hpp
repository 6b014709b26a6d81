#pragma once

#include "capture/base/byte_order.hpp"
#include "detect/rule/payload/transform.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace cresset::detect::inspect::buffer {

/// The name of the first transform of the list that this engine does not have; empty when it has
/// all.
std::string_view unsupported_transform(std::span<const rule::payload::transform> list) noexcept;

/// Puts `bytes` through the transforms, one behind the other, into `out`, which is emptied first
/// (manual: Transformations). False when one of them leaves no buffer: bytes that do not
/// decompress. Output is bounded by `transform_limit_bytes`.
inline constexpr std::size_t transform_limit_bytes = std::size_t{1} << 20;
bool transform(std::span<const rule::payload::transform> list, byte_view bytes,
               std::vector<std::byte>& out);

} // namespace cresset::detect::inspect::buffer
