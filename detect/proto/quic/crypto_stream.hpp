#pragma once

#include "capture/base/byte_order.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace cresset::detect::proto::quic {

/// The bytes that CRYPTO frames carry (RFC 9000 19.6), put in order: frames come in any order, over
/// several packets, and may overlap; what came first stays.
class crypto_stream {
public:
  static constexpr std::size_t limit_bytes = 64 * 1024;
  static constexpr std::size_t limit_pieces = 256;

  /// False when the frame goes over a limit; nothing of it is kept then.
  bool insert(std::uint64_t offset, byte_view bytes);
  /// The first handshake message, head and body, once it is whole (RFC 8446 4).
  std::optional<byte_view> message() const noexcept;
  std::size_t size() const noexcept { return in_order_.size(); }

private:
  std::vector<std::byte> in_order_;
  std::map<std::uint64_t, std::vector<std::byte>> later_;
};

} // namespace cresset::detect::proto::quic
