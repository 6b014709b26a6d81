#pragma once

#include "capture/base/byte_order.hpp"
#include "capture/base/counter.hpp"

#include <array>
#include <memory>
#include <utility>
#include <vector>

namespace cresset::detect::flow {

class buffer_pool;

/// A run of bytes lent by a buffer_pool; it goes back when this goes. Empty after being moved from.
/// The pool must outlive it.
class pooled_buffer {
public:
  pooled_buffer() noexcept = default;
  pooled_buffer(pooled_buffer&& other) noexcept
      : pool_{std::exchange(other.pool_, nullptr)}, bytes_{std::move(other.bytes_)},
        size_class_{other.size_class_} {}
  pooled_buffer& operator=(pooled_buffer&& other) noexcept {
    if (this != &other) {
      reset();
      pool_ = std::exchange(other.pool_, nullptr);
      bytes_ = std::move(other.bytes_);
      size_class_ = other.size_class_;
    }
    return *this;
  }
  ~pooled_buffer() { reset(); }

  explicit operator bool() const noexcept { return bytes_ != nullptr; }
  std::byte* data() const noexcept { return bytes_.get(); }
  /// 0 when empty.
  std::size_t capacity() const noexcept;
  /// Gives the bytes back now.
  void reset() noexcept;

private:
  friend class buffer_pool;
  pooled_buffer(buffer_pool& pool, std::unique_ptr<std::byte[]> bytes, unsigned size_class) noexcept
      : pool_{&pool}, bytes_{std::move(bytes)}, size_class_{size_class} {}

  buffer_pool* pool_ = nullptr;
  std::unique_ptr<std::byte[]> bytes_;
  unsigned size_class_ = 0;
};

/// Buffers in powers of two, lent and taken back by one thread. What was given back is kept for the
/// next who asks, so that a worker in its stride allocates nothing. Never holds more than its
/// limit, lent and kept together.
class buffer_pool {
public:
  static constexpr std::size_t smallest_bytes = 256;
  static constexpr unsigned size_classes = 16;
  /// 8 MiB.
  static constexpr std::size_t largest_bytes = smallest_bytes << (size_classes - 1);

  explicit buffer_pool(std::size_t limit_bytes) noexcept : limit_bytes_{limit_bytes} {}
  buffer_pool(const buffer_pool&) = delete;
  buffer_pool& operator=(const buffer_pool&) = delete;

  /// At least `bytes` long, contents undefined; empty, and counted, when the limit or
  /// `largest_bytes` stands against it.
  pooled_buffer acquire(std::size_t bytes) noexcept;

  std::size_t limit_bytes() const noexcept { return limit_bytes_; }
  std::size_t lent_bytes() const noexcept { return lent_bytes_; }
  std::size_t kept_bytes() const noexcept { return kept_bytes_; }
  std::uint64_t refused() const noexcept { return refused_.value(); }
  /// How often the heap was asked: stands still once the worker is in its stride.
  std::uint64_t allocations() const noexcept { return allocations_.value(); }

  static constexpr std::size_t bytes_of(unsigned size_class) noexcept {
    return smallest_bytes << size_class;
  }

private:
  friend class pooled_buffer;
  void take_back(std::unique_ptr<std::byte[]> bytes, unsigned size_class) noexcept;
  bool make_room(std::size_t bytes) noexcept;

  std::size_t limit_bytes_;
  std::size_t lent_bytes_ = 0;
  std::size_t kept_bytes_ = 0;
  std::array<std::vector<std::unique_ptr<std::byte[]>>, size_classes> kept_;
  counter refused_;
  counter allocations_;
};

inline std::size_t pooled_buffer::capacity() const noexcept {
  return bytes_ ? buffer_pool::bytes_of(size_class_) : 0;
}
inline void pooled_buffer::reset() noexcept {
  if (pool_ != nullptr)
    std::exchange(pool_, nullptr)->take_back(std::move(bytes_), size_class_);
}

} // namespace cresset::detect::flow
