#pragma once

#include "capture/base/byte_order.hpp"

#include <cstdint>
#include <functional>
#include <memory>

struct BrotliDecoderStateStruct;

namespace cresset::detect::proto::http {

/// Undoes Content-Encoding: br (RFC 7932) as bytes come. Stops for good at damage, and when the
/// output grows past `limit` and `ratio` times the input.
class brotli_reader {
public:
  brotli_reader(std::uint64_t limit_bytes, std::uint64_t ratio);
  ~brotli_reader();
  brotli_reader(const brotli_reader&) = delete;
  brotli_reader& operator=(const brotli_reader&) = delete;

  enum class outcome : std::uint8_t { going_on, ended, damaged, bomb };
  /// Gives decoded pieces to `see`; they are valid during the call alone.
  outcome bytes(byte_view bytes, const std::function<void(byte_view)>& see);

private:
  struct deleter {
    void operator()(BrotliDecoderStateStruct* state) const noexcept;
  };
  std::unique_ptr<BrotliDecoderStateStruct, deleter> state_;
  std::uint64_t limit_;
  std::uint64_t ratio_;
  std::uint64_t in_ = 0;
  std::uint64_t out_ = 0;
  outcome now_ = outcome::going_on;
};

} // namespace cresset::detect::proto::http
