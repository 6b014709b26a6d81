#pragma once

#include "capture/base/byte_order.hpp"

#include <cstdint>

namespace cresset::detect::proto::http {

/// Follows the lines in front of the chunks of a body (RFC 9112 7.1), for what the parser library
/// passes over in silence: the extensions behind a chunk's size. Keeps no bytes.
class chunk_lines {
public:
  /// The body's bytes as they were sent, from its first line on.
  void bytes(byte_view bytes) noexcept;
  bool has_extension() const noexcept { return has_extension_; }
  /// The last chunk's line was read, or something that is none.
  bool is_over() const noexcept { return place_ == place::over; }

private:
  enum class place : std::uint8_t { size, extension, content, break_behind, over };
  void end_line() noexcept;

  place place_ = place::size;
  std::uint64_t left_ = 0; ///< of the chunk; in its line, the size so far
  bool has_digit_ = false;
  bool has_extension_ = false;
};

} // namespace cresset::detect::proto::http
