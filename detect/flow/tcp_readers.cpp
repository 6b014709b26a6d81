#include "detect/flow/tcp_reassembly.hpp"

#include <algorithm>
#include <utility>

// The reading half of tcp_reassembly: what the two readers are given, when bytes go, and how a gap
// is crossed. The picture of a stream stands in tcp_reassembly.cpp.
namespace cresset::detect::flow {

/// Something before the next byte there is will never come, if it was acknowledged or the flow is
/// over.
void tcp_reassembly::look_for_gap() noexcept {
  while (!in_gap() && wants_bytes()) {
    // Acknowledgements often overtake the data on their way to us: not before something behind
    // the hole is there is the hole believed.
    if (later_.empty() && !finished_)
      return;
    const std::uint64_t next = later_.empty() ? never : later_.front().begin;
    const std::uint64_t lost_to = finished_ && next != never ? next : std::min(counted_, next);
    if (lost_to <= frontier())
      return;
    gap_end_ = lost_to;
    gap_bytes_ += gap_end_ - frontier();
    if (!finished_)
      ++confirmed_gaps_;
    if (!cross_gap())
      return;
  }
}

/// Begins anew behind the gap, once everybody has read what stands before it.
bool tcp_reassembly::cross_gap() noexcept {
  if (!in_gap() || (chunks_wanted_ && chunk_ < gap_end_) || (raw_wanted_ && raw_ < frontier()))
    return false;
  base_ = std::exchange(gap_end_, 0);
  head_ = size_ = 0;
  chunk_ = std::max(chunk_, base_);
  raw_ = std::max(raw_, base_);
  counted_ = std::max(counted_, base_);
  marks_.clear();
  pull_later();
  return true;
}

stream_chunk tcp_reassembly::next_chunk() const noexcept {
  using kind = stream_chunk::kind;
  if (settings_ == nullptr || !chunks_wanted_)
    return {};
  if (const std::uint64_t upto = edge(); chunk_ < upto)
    return {kind::bytes, {buffer_.data() + head_ + (chunk_ - base_), upto - chunk_}, chunk_, 0};
  if (in_gap() && chunk_ < gap_end_)
    return {kind::gap, {}, chunk_, gap_end_ - chunk_};
  if (depth_reached_ && !depth_told_ && chunk_ >= depth())
    return {kind::depth, {}, chunk_, 0};
  if (!end_told_ && ((end_counts_ && chunk_ >= end_) || (finished_ && later_.empty())))
    return {kind::end, {}, chunk_, 0};
  return {};
}

void tcp_reassembly::consume(std::size_t bytes) noexcept {
  const auto chunk = next_chunk();
  switch (chunk.what) {
  case stream_chunk::kind::none: return;
  case stream_chunk::kind::bytes: chunk_ += std::min(bytes, chunk.bytes.size()); break;
  case stream_chunk::kind::gap: chunk_ = gap_end_; break;
  case stream_chunk::kind::depth: depth_told_ = true; return;
  case stream_chunk::kind::end: end_told_ = true; return;
  }
  release();
}

raw_window tcp_reassembly::window() const noexcept {
  raw_window seen;
  if (settings_ == nullptr || !raw_wanted_)
    return seen;
  const std::uint64_t upto = edge();
  seen.offset = std::max(base_, raw_ - std::min<std::uint64_t>(raw_, tail_bytes_));
  if (upto > seen.offset)
    seen.bytes = {buffer_.data() + head_ + (seen.offset - base_), upto - seen.offset};
  seen.fresh = raw_;
  seen.before_gap = in_gap();
  seen.at_end = !in_gap() && (has_ended() || (depth_reached_ && upto >= depth()));
  return seen;
}

void tcp_reassembly::raw_done(std::uint64_t upto) noexcept {
  if (settings_ == nullptr)
    return;
  raw_ = std::max(raw_, std::min(upto, edge()));
  release();
}

void tcp_reassembly::stop_chunks() noexcept {
  chunks_wanted_ = false;
  release();
}

void tcp_reassembly::stop_raw() noexcept {
  raw_wanted_ = false;
  release();
}

/// Gives back what no reader wants any more.
void tcp_reassembly::release() noexcept {
  if (settings_ == nullptr)
    return;
  if (!wants_bytes()) {
    base_ = frontier();
    head_ = size_ = 0;
    gap_end_ = 0;
    buffer_.reset();
    later_.clear();
    marks_.clear();
    return;
  }
  std::uint64_t keep = frontier();
  if (chunks_wanted_)
    keep = std::min(keep, chunk_);
  if (raw_wanted_)
    keep = std::min(keep, raw_ - std::min<std::uint64_t>(raw_, tail_bytes_));
  if (keep > base_) {
    head_ += keep - base_;
    size_ -= keep - base_;
    base_ = keep;
  }
  if (size_ == 0) {
    head_ = 0;
    buffer_.reset();
  }
  if (cross_gap())
    look_for_gap();
  else
    pull_later();
}

} // namespace cresset::detect::flow
