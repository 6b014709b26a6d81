#pragma once

#include "capture/base/byte_order.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

struct z_stream_s;

namespace cresset::detect::proto {

/// Undoes gzip (RFC 1952), zlib (RFC 1950) and bare deflate (RFC 1951) as bytes come. Stops for
/// good at damage and at the stream's end, and when the output grows past `limit` bytes and `ratio`
/// times the input.
class inflater {
public:
  enum class format : std::uint8_t {
    gzip,
    deflate, ///< with or without zlib's head, as HTTP's senders have it
    raw,     ///< never with a head (RFC 7692)
  };
  enum class outcome : std::uint8_t { going_on, ended, damaged, bomb };

  inflater(format packed, std::uint64_t limit_bytes, std::uint64_t ratio);
  ~inflater();
  inflater(const inflater&) = delete;
  inflater& operator=(const inflater&) = delete;

  /// Gives decoded pieces to `see`; they are valid during the call alone.
  outcome bytes(byte_view bytes, const std::function<void(byte_view)>& see);
  std::uint64_t output_bytes() const noexcept { return out_; }

private:
  struct deleter {
    void operator()(z_stream_s* stream) const noexcept;
  };
  bool open(byte_view begin);

  format packed_;
  std::unique_ptr<z_stream_s, deleter> stream_;
  std::vector<std::byte> begin_; ///< of a stream whose head is not known yet
  std::uint64_t limit_;
  std::uint64_t ratio_;
  std::uint64_t in_ = 0;
  std::uint64_t out_ = 0;
  outcome now_ = outcome::going_on;
};

} // namespace cresset::detect::proto
