#pragma once

#include "detect/proto/gathered_body.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace cresset::detect::proto {

/// Limits of what waits for its place in one file.
struct queue_limits {
  std::uint64_t bytes = 0; ///< 0: none
  std::size_t chunks = 0;  ///< 0: none
};

/// A file as it crosses the wire in one direction: chunks with offsets, mostly in order. What comes
/// too early waits; what comes twice is passed over; what never comes is a hole.
class shared_file {
public:
  static constexpr std::uint64_t kept_bytes = 100 * 1024; ///< what rules see of it

  explicit shared_file(const queue_limits& limits) noexcept : limits_{limits} {}
  /// What the settings ask for is computed of all its bytes; they must outlive it.
  shared_file(const queue_limits& limits, const file_settings& wanted)
      : limits_{limits}, body_{kept_bytes, wanted} {}

  std::string name;

  /// What was odd about a chunk.
  enum class remark : std::uint8_t { none, overlap, queue_size_exceeded, queue_count_exceeded };
  /// A chunk of `size` bytes begins; its bytes or losses follow. One that comes early is refused
  /// its place in the queue, as if that were full, where it `may_wait` not.
  remark begin_chunk(std::uint64_t offset, std::uint64_t size, bool may_wait = true);
  void chunk_bytes(byte_view bytes);
  void chunk_lost(std::uint64_t size);
  void end_chunk();
  /// No more comes: what waits is taken in with the holes before it.
  void close();

  bool is_closed() const noexcept { return body_.is_complete(); }
  bool is_truncated() const noexcept { return body_.has_gap() || !body_.is_complete(); }
  body_view view() const noexcept { return body_.view(); }
  std::uint64_t queued_bytes() const noexcept { return queued_bytes_; }

private:
  enum class place : std::uint8_t { none, direct, waiting };
  void drain();
  void drain_with_holes();

  queue_limits limits_;
  gathered_body body_{kept_bytes};
  std::map<std::uint64_t, std::vector<std::byte>> queue_;
  std::uint64_t queued_bytes_ = 0;
  place place_ = place::none;
  std::uint64_t to_skip_ = 0;        ///< of the chunk at hand: known already
  std::uint64_t waiting_offset_ = 0; ///< of the chunk that is put into the queue
};

} // namespace cresset::detect::proto
