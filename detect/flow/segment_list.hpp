#pragma once

#include "detect/flow/buffer_pool.hpp"
#include "detect/flow/overlap_policy.hpp"

#include <vector>

namespace cresset::detect::flow {

/// Pieces of a stream or datagram that cannot be used yet because something before them is missing:
/// sorted, never overlapping, each with its bytes. Who wins an overlap is decided on the way in.
class segment_list {
public:
  struct piece {
    std::uint64_t begin = 0;
    std::uint32_t size = 0;
    std::uint32_t start = 0; ///< where its bytes begin in `storage`
    pooled_buffer storage;

    std::uint64_t end() const noexcept { return begin + size; }
    byte_range range() const noexcept { return {begin, end()}; }
    std::byte* data() const noexcept { return storage.data() + start; }
    byte_view bytes() const noexcept { return {data(), size}; }
  };
  using newer_wins = bool (*)(overlap_policy, byte_range older, byte_range newer) noexcept;
  struct insert_terms {
    overlap_policy policy = overlap_policy::bsd;
    newer_wins decide = newer_segment_wins;
    std::size_t limit_pieces = 4096;
  };
  struct outcome {
    std::uint64_t added_bytes = 0;   ///< of places nobody had covered
    std::uint64_t refused_bytes = 0; ///< for want of pieces or memory
    bool overlapped = false;
    bool differed = false; ///< an overlap whose two texts are not the same
  };

  /// Takes `bytes` at `begin`. `arrived` is the whole segment they are part of, by which the policy
  /// decides.
  outcome insert(buffer_pool& pool, const insert_terms& terms, std::uint64_t begin, byte_view bytes,
                 byte_range arrived) noexcept;

  bool empty() const noexcept { return first_ == pieces_.size(); }
  std::size_t size() const noexcept { return pieces_.size() - first_; }
  const piece& front() const noexcept { return pieces_[first_]; }
  const piece& operator[](std::size_t i) const noexcept { return pieces_[first_ + i]; }
  /// Offset behind the last piece. Precondition: not empty.
  std::uint64_t back_end() const noexcept { return pieces_.back().end(); }
  void pop_front() noexcept;
  /// How many runs without a hole the pieces form.
  std::size_t runs() const noexcept;
  void clear() noexcept;

private:
  bool add(buffer_pool& pool, const insert_terms& terms, std::size_t at, std::uint64_t begin,
           byte_view bytes) noexcept;
  bool replace(buffer_pool& pool, const insert_terms& terms, std::size_t at, byte_range overlap,
               byte_view bytes) noexcept;

  std::vector<piece> pieces_;
  std::size_t first_ =
      0; // pieces before it were popped; they go together, so that popping n costs n
};

} // namespace cresset::detect::flow
