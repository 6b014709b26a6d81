#pragma once

#include <cstddef>
#include <cstdint>

/// The frames of HTTP/2 (RFC 9113 4.1): length 3, type 1, flags 1, a reserved bit and the stream 31
/// bits, then the payload.
namespace cresset::detect::proto::http2 {

enum class frame_type : std::uint8_t {
  data = 0,
  headers = 1,
  priority = 2,
  rst_stream = 3,
  settings = 4,
  push_promise = 5,
  ping = 6,
  goaway = 7,
  window_update = 8,
  continuation = 9,
};

namespace flags {
inline constexpr std::uint8_t end_stream = 0x1;
inline constexpr std::uint8_t ack = 0x1;
inline constexpr std::uint8_t end_headers = 0x4;
inline constexpr std::uint8_t padded = 0x8;
inline constexpr std::uint8_t priority = 0x20;
} // namespace flags

struct frame_head {
  static constexpr std::size_t size = 9;
  std::uint32_t length = 0;
  std::uint8_t type = 0;
  std::uint8_t flags = 0;
  std::uint32_t stream = 0;

  bool has(std::uint8_t flag) const noexcept { return (flags & flag) != 0; }
  bool is(frame_type wanted) const noexcept { return type == static_cast<std::uint8_t>(wanted); }
};

} // namespace cresset::detect::proto::http2
