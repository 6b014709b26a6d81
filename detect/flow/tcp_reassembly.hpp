#pragma once

#include "detect/flow/segment_list.hpp"

#include <limits>

namespace cresset::detect::flow {

/// What may be set about putting streams together; one for all streams of a worker, and it outlives
/// them.
struct reassembly_settings {
  /// `stream.reassembly.depth`: bytes of each direction that are followed, 0 for all.
  std::uint64_t depth_bytes = 1024 * 1024;
  /// `stream.inline`: bytes count as they arrive, not when they are acknowledged.
  bool inline_mode = false;
  overlap_policy policy = overlap_policy::bsd;
  /// What the raw reader keeps behind its progress, to look back into.
  std::size_t retained_tail_bytes = 8192;
  /// Bytes of one direction in order and not yet released; what is over is refused.
  std::size_t limit_direction_bytes = 2 * 1024 * 1024;
  /// Segments of one direction waiting for something before them.
  std::size_t limit_pieces = 4096;
};

/// What became of one segment's payload.
struct insert_outcome {
  std::uint32_t added_bytes = 0;
  std::uint32_t refused_bytes = 0; ///< no memory or over a limit: they will show as a gap
  bool overlapped = false;         ///< some of it was there already
  bool differed = false;           ///< … with other bytes
  bool before_edge = false;        ///< all of it lies before what was acknowledged
  bool depth_reached = false;      ///< some of it lies behind the depth, for the first time
};

/// The next thing the protocol reader is given.
struct stream_chunk {
  enum class kind : std::uint8_t {
    none,  ///< nothing at the moment
    bytes, ///< `bytes`, valid until the stream is changed
    gap,   ///< `gap_bytes` were lost
    depth, ///< given once: the depth is reached, nothing more will come
    end,   ///< given once: the direction has ended
  };
  kind what = kind::none;
  byte_view bytes;
  std::uint64_t offset = 0; ///< from the start of the stream
  std::uint64_t gap_bytes = 0;
};

/// What the raw reader may look at: one run without a gap, from the retained tail to the last byte
/// that counts.
struct raw_window {
  byte_view bytes;          ///< valid until the stream is changed
  std::uint64_t offset = 0; ///< of the first byte of `bytes`, from the start of the stream
  std::uint64_t fresh =
      0; ///< offset of the first byte that was not in a window yet; may be the end
  bool before_gap = false; ///< a gap follows: nothing will ever be appended to this run
  bool at_end = false;     ///< the stream has ended here, or its depth is reached

  std::uint64_t end() const noexcept { return offset + bytes.size(); }
  std::uint64_t fresh_bytes() const noexcept { return end() - fresh; }
  bool is_final() const noexcept { return before_gap || at_end; }
};

/// One direction of one TCP connection put together. Bytes lie in one sliding buffer; two readers
/// follow it, each at its own pace: the protocol reader takes every byte and gap exactly once
/// (`next_chunk`, `consume`), the raw reader looks at windows (`window`, `raw_done`). A byte
/// counts, for both, once the other side has acknowledged it (or as it arrives with `inline_mode`).
/// Offsets count from the first byte behind the SYN. One thread; no exceptions; in its stride no
/// allocation.
class tcp_reassembly {
public:
  tcp_reassembly() noexcept = default;

  /// Begins a stream whose offset 0 has sequence number `first`. Precondition: closed or new.
  void open(const reassembly_settings& settings, buffer_pool& pool, std::uint32_t first) noexcept;
  /// Gives everything back.
  void close() noexcept;
  bool is_open() const noexcept { return settings_ != nullptr; }

  /// The payload of a segment that begins at `sequence`; bytes are copied.
  insert_outcome insert(std::uint32_t sequence, byte_view payload) noexcept;
  /// The other side has everything before `sequence`. True when a reader has something new to look
  /// at.
  bool acknowledge(std::uint32_t sequence) noexcept;
  /// A FIN stands at `sequence`: the stream has no byte from there on. It counts, as bytes do, once
  /// the other side has acknowledged it. True when a reader can be told so now.
  bool set_end(std::uint32_t sequence) noexcept;
  /// Everything there is without a hole counts from now on (reset, or nobody acknowledges). True as
  /// above.
  bool release_contiguous() noexcept;
  /// The flow is over: everything counts, also behind holes, which become gaps (without
  /// `confirmed_gaps`).
  void finish() noexcept;
  /// Forgets bytes that were not acknowledged, as when a server ignores data that came with the
  /// SYN.
  void discard_unacknowledged() noexcept;

  /// True when a segment at `sequence` would be in order, with nothing waiting behind it.
  bool expects(std::uint32_t sequence) const noexcept;
  /// The number `sequence` stands for no byte of the stream (an urgent byte out of band): the next
  /// byte has the offset it would have had. False, and nothing done, unless it is expected.
  bool skip(std::uint32_t sequence) noexcept;

  // The protocol reader.
  stream_chunk next_chunk() const noexcept;
  /// What `next_chunk` gave is taken, or the first `bytes` of it; for gap, depth and end all of it.
  void consume(std::size_t bytes) noexcept;
  /// This reader wants no more of this direction.
  void stop_chunks() noexcept;
  /// Follows this direction up to another depth than the settings say, 0 for all of it. A depth
  /// that was reached stays reached.
  void set_depth(std::uint64_t bytes) noexcept { depth_bytes_ = bytes; }

  // The raw reader.
  raw_window window() const noexcept;
  /// Everything before offset `upto` was inspected; the tail behind it stays to be looked back
  /// into.
  void raw_done(std::uint64_t upto) noexcept;
  void stop_raw() noexcept;
  /// Bytes kept before the raw reader's progress from now on.
  void set_retained_tail(std::size_t bytes) noexcept { tail_bytes_ = bytes; }

  bool wants_bytes() const noexcept { return chunks_wanted_ || raw_wanted_; }
  /// Offset behind the last byte without a hole.
  std::uint64_t frontier() const noexcept { return base_ + size_; }
  /// Offset behind the last byte that counts.
  std::uint64_t edge() const noexcept;
  std::uint64_t chunk_progress() const noexcept { return chunk_; }
  std::uint64_t raw_progress() const noexcept { return raw_; }
  bool depth_reached() const noexcept { return depth_reached_; }
  bool is_finished() const noexcept { return finished_; }
  /// True when everything up to a FIN counts.
  bool has_ended() const noexcept {
    return (end_counts_ && edge() >= end_) || (finished_ && later_.empty() && !in_gap());
  }

  // What the flow event tells of it.
  std::uint64_t total_bytes() const noexcept { return total_bytes_; }
  std::uint64_t gap_bytes() const noexcept { return gap_bytes_; }
  std::uint32_t confirmed_gaps() const noexcept { return confirmed_gaps_; }
  std::uint64_t refused_bytes() const noexcept { return refused_bytes_; }
  std::uint32_t max_regions() const noexcept { return max_regions_; }
  std::uint32_t overlaps_differing() const noexcept { return overlaps_differing_; }
  std::uint32_t skipped() const noexcept { return skipped_; }

private:
  static constexpr std::uint64_t never = std::numeric_limits<std::uint64_t>::max();
  static constexpr std::size_t first_buffer_bytes = 4096;
  static constexpr std::size_t limit_marks = 512;

  bool in_gap() const noexcept { return gap_end_ != 0; }
  std::uint64_t depth() const noexcept { return depth_bytes_ == 0 ? never : depth_bytes_; }
  std::int64_t offset_of(std::uint32_t sequence) const noexcept;
  bool append(std::uint64_t begin, byte_view bytes) noexcept;
  bool make_room(std::size_t bytes) noexcept;
  void insert_slowly(byte_range arrived, std::uint64_t begin, byte_view bytes,
                     insert_outcome& outcome) noexcept;
  void overlap_in_order(byte_range arrived, std::uint64_t begin, byte_view bytes,
                        insert_outcome& outcome) noexcept;
  void split_mark(std::uint64_t begin) noexcept;
  void add_mark(std::uint64_t begin) noexcept;
  void pull_later() noexcept;
  void look_for_gap() noexcept;
  bool cross_gap() noexcept;
  void release() noexcept;

  const reassembly_settings* settings_ = nullptr;
  buffer_pool* pool_ = nullptr;
  pooled_buffer buffer_;
  std::size_t head_ = 0; // index in buffer_ of the byte at offset base_
  std::size_t size_ = 0; // bytes in order from there
  std::uint64_t base_ = 0;
  std::uint64_t counted_ = 0; // acknowledged up to here; may be ahead of the frontier
  std::uint64_t end_ = never; // where a FIN stands
  std::uint64_t gap_end_ = 0; // not 0: what lies between the frontier and here is lost
  std::uint64_t chunk_ = 0;
  std::uint64_t raw_ = 0;
  std::size_t tail_bytes_ = 0;
  std::uint64_t depth_bytes_ = 0;
  std::uint32_t first_ = 0; // sequence number of offset 0
  bool chunks_wanted_ = true;
  bool raw_wanted_ = true;
  bool finished_ = false;
  bool depth_reached_ = false;
  bool depth_told_ = false;
  bool end_told_ = false;
  bool end_counts_ = false; // it was acknowledged, or nobody will
  std::vector<std::uint64_t>
      marks_; // where segments begin among the bytes in order that do not count yet
  segment_list later_;

  std::uint64_t total_bytes_ = 0;
  std::uint64_t gap_bytes_ = 0;
  std::uint64_t refused_bytes_ = 0;
  std::uint32_t confirmed_gaps_ = 0;
  std::uint32_t max_regions_ = 1;
  std::uint32_t overlaps_differing_ = 0;
  std::uint32_t skipped_ = 0;    // numbers that stand for no byte
  std::uint32_t skipped_at_ = 0; // the last of them
  std::uint64_t skipped_offset_ = 0;
};

} // namespace cresset::detect::flow
