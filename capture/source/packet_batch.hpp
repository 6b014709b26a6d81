#pragma once

#include "capture/source/packet.hpp"

#include <array>
#include <cassert>

namespace cresset::capture::source {

/// A burst of packets: what a source hands over in one call. Reused from call to call; holds views,
/// not bytes.
class packet_batch {
public:
  /// As many as a worker prefetches at once.
  static constexpr std::size_t limit_packets = 64;

  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }
  bool full() const noexcept { return size_ == limit_packets; }
  const packet& operator[](std::size_t index) const noexcept {
    assert(index < size_);
    return packets_[index];
  }
  const packet* begin() const noexcept { return packets_.data(); }
  const packet* end() const noexcept { return packets_.data() + size_; }

  void clear() noexcept { size_ = 0; }
  /// Precondition: not full.
  void push(const packet& added) noexcept {
    assert(!full());
    packets_[size_++] = added;
  }

private:
  std::array<packet, limit_packets> packets_;
  std::size_t size_ = 0;
};

} // namespace cresset::capture::source
