#include "detect/flow/tcp_reassembly.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <utility>

// One direction of a connection, offsets from the first byte behind the SYN:
//
//        base_            raw_    chunk_    edge()      frontier()         later_
//   ───────┬────────────────┬───────┬─────────┬──────────────┬ ─ ─ ─ ┬────────┬ ─ ─ ┬────┬
//   given  │ retained tail  │  to be read     │ received, not│ hole  │ piece  │hole │    │
//   back   │                │                 │ acknowledged │       │        │     │    │
//          └──────────── buffer_, contiguous ─┴──────────────┘       └─ segment_list ────┘
//
// The common segment begins at the frontier with nothing waiting behind it: one comparison chain,
// one copy to the end of buffer_. Only bytes in [edge, frontier) and in later_ can still be
// overwritten by a segment that says otherwise; marks_ remembers where segments began there,
// because the policies ask for it. What counts (edge) never changes again.
//
// A hole that was acknowledged is a gap. It stays where it is until both readers have come up to
// it; only then the buffer begins anew behind it. So a reader never looks across a gap and never
// misses what stood before it.
namespace cresset::detect::flow {

void tcp_reassembly::open(const reassembly_settings& settings, buffer_pool& pool,
                          std::uint32_t first) noexcept {
  assert(!is_open());
  settings_ = &settings;
  pool_ = &pool;
  first_ = first;
  tail_bytes_ = settings.retained_tail_bytes;
  depth_bytes_ = settings.depth_bytes;
}

void tcp_reassembly::close() noexcept {
  // Their memory stays for the next connection.
  auto marks = std::move(marks_);
  auto later = std::move(later_);
  marks.clear();
  later.clear();
  *this = tcp_reassembly{};
  marks_ = std::move(marks);
  later_ = std::move(later);
}

std::int64_t tcp_reassembly::offset_of(std::uint32_t sequence) const noexcept {
  const std::uint64_t here = frontier();
  const auto distance =
      static_cast<std::int32_t>(sequence - (first_ + static_cast<std::uint32_t>(here)));
  // Numbers before a skipped one were given to offsets before it was skipped.
  const bool before_skip = skipped_ != 0 && here - skipped_offset_ < (1U << 30) &&
                           static_cast<std::int32_t>(sequence - skipped_at_) <= 0;
  return static_cast<std::int64_t>(here) + distance + (before_skip ? 1 : 0);
}

bool tcp_reassembly::expects(std::uint32_t sequence) const noexcept {
  return settings_ != nullptr && wants_bytes() && !finished_ && !in_gap() && later_.empty() &&
         offset_of(sequence) == static_cast<std::int64_t>(frontier());
}

bool tcp_reassembly::skip(std::uint32_t sequence) noexcept {
  if (!expects(sequence))
    return false;
  ++first_;
  ++skipped_;
  skipped_at_ = sequence;
  skipped_offset_ = frontier();
  return true;
}

std::uint64_t tcp_reassembly::edge() const noexcept {
  if (settings_ == nullptr || settings_->inline_mode || finished_ || in_gap())
    return frontier();
  return std::min(frontier(), counted_);
}

insert_outcome tcp_reassembly::insert(std::uint32_t sequence, byte_view payload) noexcept {
  insert_outcome outcome;
  if (payload.empty() || finished_ || settings_ == nullptr)
    return outcome;
  if (!wants_bytes()) {
    outcome.added_bytes = static_cast<std::uint32_t>(payload.size());
    total_bytes_ += payload.size();
    return outcome;
  }
  const std::int64_t begin = offset_of(sequence);
  const auto here = static_cast<std::int64_t>(frontier());
  const std::uint64_t limit = std::min(depth(), end_);
  if (begin == here && later_.empty() && !in_gap() && frontier() + payload.size() <= limit &&
      append(frontier(), payload)) {
    outcome.added_bytes = static_cast<std::uint32_t>(payload.size());
    total_bytes_ += payload.size();
    return outcome;
  }
  const std::int64_t behind = begin + static_cast<std::int64_t>(payload.size());
  const auto final_before =
      static_cast<std::int64_t>(in_gap() ? gap_end_ : std::min(edge(), counted_));
  if (behind <= final_before) {
    outcome.before_edge = true;
    return outcome;
  }
  if (behind > 0 && static_cast<std::uint64_t>(behind) > depth() && !depth_reached_)
    outcome.depth_reached = depth_reached_ = true;
  const auto from = static_cast<std::uint64_t>(std::max(begin, final_before));
  const auto upto = std::min(static_cast<std::uint64_t>(behind), limit);
  if (from < upto) {
    const auto skipped = static_cast<std::size_t>(static_cast<std::int64_t>(from) - begin);
    insert_slowly({static_cast<std::uint64_t>(std::max<std::int64_t>(begin, 0)),
                   static_cast<std::uint64_t>(behind)},
                  from, payload.subspan(skipped, upto - from), outcome);
  }
  return outcome;
}

/// Out of order, overlapping, or filling a hole. `arrived` is the segment as it came, `bytes` what
/// of it can still matter.
void tcp_reassembly::insert_slowly(byte_range arrived, std::uint64_t begin, byte_view bytes,
                                   insert_outcome& outcome) noexcept {
  if (begin < frontier() && !in_gap()) {
    const auto size = std::min<std::uint64_t>(bytes.size(), frontier() - begin);
    overlap_in_order(arrived, begin, bytes.first(size), outcome);
    begin += size;
    bytes = bytes.subspan(size);
  }
  if (!bytes.empty()) {
    if (begin == frontier() && !in_gap() &&
        (later_.empty() || begin + bytes.size() <= later_.front().begin) && append(begin, bytes)) {
      outcome.added_bytes += static_cast<std::uint32_t>(bytes.size());
    } else if (begin == frontier() && later_.empty() && !in_gap()) {
      outcome.refused_bytes += static_cast<std::uint32_t>(bytes.size());
    } else {
      const segment_list::insert_terms terms{settings_->policy, newer_segment_wins,
                                             settings_->limit_pieces};
      const auto kept = later_.insert(*pool_, terms, begin, bytes, arrived);
      outcome.added_bytes += static_cast<std::uint32_t>(kept.added_bytes);
      outcome.refused_bytes += static_cast<std::uint32_t>(kept.refused_bytes);
      outcome.overlapped |= kept.overlapped;
      outcome.differed |= kept.differed;
    }
    pull_later();
    look_for_gap();
    if (!later_.empty())
      max_regions_ = std::max(max_regions_, static_cast<std::uint32_t>(1 + later_.runs()));
  }
  total_bytes_ += outcome.added_bytes;
  refused_bytes_ += outcome.refused_bytes;
  overlaps_differing_ += outcome.differed ? 1 : 0;
}

/// A segment that covers bytes in order which nobody has acknowledged yet: segment by segment the
/// policy decides.
void tcp_reassembly::overlap_in_order(byte_range arrived, std::uint64_t begin, byte_view bytes,
                                      insert_outcome& outcome) noexcept {
  outcome.overlapped = true;
  const std::uint64_t behind = begin + bytes.size();
  std::uint64_t position = std::max(begin, base_);
  while (position < behind) {
    const auto next_mark = std::upper_bound(marks_.begin(), marks_.end(), position);
    const byte_range older{next_mark == marks_.begin() ? base_ : *(next_mark - 1),
                           next_mark == marks_.end() ? frontier() : *next_mark};
    const byte_range overlap{position, std::min(older.end, behind)};
    const auto newer = bytes.subspan(overlap.begin - begin, overlap.size());
    auto* const place = buffer_.data() + head_ + (overlap.begin - base_);
    if (std::memcmp(place, newer.data(), newer.size()) != 0) {
      outcome.differed = true;
      if (overlap.begin >= edge() && newer_segment_wins(settings_->policy, older, arrived)) {
        std::memcpy(place, newer.data(), newer.size());
        split_mark(overlap.begin);
        if (overlap.end < frontier())
          split_mark(overlap.end);
      }
    }
    position = overlap.end;
  }
}

/// A piece begins at `begin` from now on.
void tcp_reassembly::split_mark(std::uint64_t begin) noexcept {
  const auto place = std::lower_bound(marks_.begin(), marks_.end(), begin);
  if (marks_.size() < limit_marks && (place == marks_.end() || *place != begin))
    marks_.insert(place, begin);
}

/// The segment at the frontier. Over the limit neighbours count as one segment, which matters only
/// to policies.
void tcp_reassembly::add_mark(std::uint64_t begin) noexcept {
  if (counted_ >= begin)
    marks_.clear();
  else if (marks_.size() >= limit_marks)
    marks_.erase(marks_.begin(), std::lower_bound(marks_.begin(), marks_.end(), counted_));
  if (marks_.size() < limit_marks)
    marks_.push_back(begin);
}

bool tcp_reassembly::append(std::uint64_t begin, byte_view bytes) noexcept {
  if (head_ + size_ + bytes.size() > buffer_.capacity() && !make_room(bytes.size()))
    return false;
  std::memcpy(buffer_.data() + head_ + size_, bytes.data(), bytes.size());
  add_mark(begin);
  size_ += bytes.size();
  return true;
}

/// Bytes move to the front of the buffer only while they fill less than half of it, so that each is
/// moved at most once on the average; otherwise the buffer doubles.
bool tcp_reassembly::make_room(std::size_t bytes) noexcept {
  const std::size_t needed = size_ + bytes;
  if (needed > settings_->limit_direction_bytes)
    return false;
  if (buffer_ && needed <= buffer_.capacity() && size_ <= buffer_.capacity() / 2) {
    std::memmove(buffer_.data(), buffer_.data() + head_, size_);
    head_ = 0;
    return true;
  }
  auto larger = pool_->acquire(std::max(first_buffer_bytes, size_ + needed));
  if (!larger) {
    if (!buffer_ || needed > buffer_.capacity())
      return false;
    std::memmove(buffer_.data(), buffer_.data() + head_, size_);
  } else {
    if (size_ != 0)
      std::memcpy(larger.data(), buffer_.data() + head_, size_);
    buffer_ = std::move(larger);
  }
  head_ = 0;
  return true;
}

/// Pieces that the frontier has reached join the buffer; those for which there is no room wait.
void tcp_reassembly::pull_later() noexcept {
  while (!later_.empty() && !in_gap() && later_.front().begin == frontier()) {
    if (!append(later_.front().begin, later_.front().bytes()))
      return;
    later_.pop_front();
  }
}

bool tcp_reassembly::acknowledge(std::uint32_t sequence) noexcept {
  if (settings_ == nullptr)
    return false;
  const std::int64_t offset = offset_of(sequence);
  if (offset <= static_cast<std::int64_t>(counted_))
    return false;
  const bool had_gap = in_gap();
  const std::uint64_t before = edge();
  if (static_cast<std::uint64_t>(offset) > depth() && wants_bytes())
    depth_reached_ = true;
  const bool ends = !end_counts_ && static_cast<std::uint64_t>(offset) > end_;
  end_counts_ = end_counts_ || ends;
  counted_ = std::min({static_cast<std::uint64_t>(offset), end_, depth()});
  look_for_gap();
  return edge() != before || in_gap() != had_gap || (ends && edge() >= end_);
}

bool tcp_reassembly::set_end(std::uint32_t sequence) noexcept {
  if (settings_ == nullptr || end_ != never)
    return false;
  const std::int64_t offset = offset_of(sequence);
  // Bytes behind a FIN: the FIN, or they, are forged. What came first stays.
  if (offset < static_cast<std::int64_t>(later_.empty() ? frontier() : later_.back_end()))
    return false;
  end_ = static_cast<std::uint64_t>(offset);
  end_counts_ = settings_->inline_mode || counted_ > end_; // or it was, before it was seen
  return has_ended();
}

bool tcp_reassembly::release_contiguous() noexcept {
  if (settings_ == nullptr)
    return false;
  const std::uint64_t before = edge();
  counted_ = std::max(counted_, frontier());
  const bool ends = !end_counts_ && frontier() >= end_;
  end_counts_ = end_counts_ || ends;
  return edge() != before || ends;
}

void tcp_reassembly::finish() noexcept {
  if (settings_ == nullptr || finished_)
    return;
  release_contiguous();
  finished_ = true;
  pull_later();
  look_for_gap();
}

void tcp_reassembly::discard_unacknowledged() noexcept {
  if (settings_ == nullptr || in_gap())
    return;
  size_ -= frontier() - edge();
  later_.clear();
  marks_.clear();
}

} // namespace cresset::detect::flow
