#pragma once

#include "capture/base/byte_order.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace cresset::detect::proto::dns {

/// What came of decoding a name.
enum class name_status : std::uint8_t {
  whole,
  truncated,       ///< cut at limits::name_bytes
  too_many_labels, ///< cut at limits::name_labels
  infinite_loop,   ///< cut at limits::name_pointers
  damaged,         ///< it runs off the message, points behind it, or has a label of unknown kind
};

/// Room for the longest name that is kept, and for the label that goes over.
struct name_buffer {
  std::array<std::byte, 1152> letters;
  std::size_t size = 0;

  byte_view bytes() const noexcept { return std::span{letters}.first(size); }
};

/// Decodes the name at `at` (RFC 1035 4.1.4) as text: labels as they are, joined by dots, no dot at
/// the end. On return `at` stands behind the name's bytes, also where it was cut. Costs at most
/// name_bytes + the bytes skipped.
name_status decode_name(byte_view message, std::size_t& at, name_buffer& out) noexcept;

} // namespace cresset::detect::proto::dns
