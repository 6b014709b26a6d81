#include "detect/proto/shared_file.hpp"

#include <algorithm>

namespace cresset::detect::proto {

shared_file::remark shared_file::begin_chunk(std::uint64_t offset, std::uint64_t size,
                                             bool may_wait) {
  const auto next = body_.total();
  to_skip_ = 0;
  place_ = place::direct;
  if (offset == next)
    return remark::none;
  if (offset < next) {
    to_skip_ = std::min(next - offset, size);
    return remark::overlap;
  }
  const bool too_many = limits_.chunks != 0 && queue_.size() >= limits_.chunks;
  const bool too_large =
      !may_wait ||
      (limits_.bytes != 0 && size > limits_.bytes - std::min(limits_.bytes, queued_bytes_));
  if (too_many || too_large) {
    // what is missing will hardly come any more: go on behind the hole
    drain_with_holes();
    if (offset > body_.total())
      body_.lose(offset - body_.total());
    else
      to_skip_ = std::min(body_.total() - offset, size);
    return too_many ? remark::queue_count_exceeded : remark::queue_size_exceeded;
  }
  if (queue_.contains(offset)) {
    place_ = place::none;
    return remark::overlap;
  }
  place_ = place::waiting;
  waiting_offset_ = offset;
  queue_.emplace(offset, std::vector<std::byte>{});
  return remark::none;
}

void shared_file::chunk_bytes(byte_view bytes) {
  if (place_ == place::waiting) {
    auto& waiting = queue_[waiting_offset_];
    waiting.insert(waiting.end(), bytes.begin(), bytes.end());
    queued_bytes_ += bytes.size();
    return;
  }
  if (place_ == place::none)
    return;
  const auto known = static_cast<std::size_t>(std::min<std::uint64_t>(to_skip_, bytes.size()));
  to_skip_ -= known;
  body_.append(bytes.subspan(known));
}

void shared_file::chunk_lost(std::uint64_t size) {
  if (place_ == place::waiting) {
    place_ = place::none; // what came of it stays; the rest is a hole
    return;
  }
  if (place_ == place::none)
    return;
  const auto known = std::min(to_skip_, size);
  to_skip_ -= known;
  if (size > known)
    body_.lose(size - known);
}

void shared_file::end_chunk() {
  place_ = place::none;
  drain();
}

void shared_file::drain() {
  while (!queue_.empty() && queue_.begin()->first <= body_.total()) {
    const auto first = queue_.begin();
    const auto known = body_.total() - first->first;
    if (known < first->second.size())
      body_.append(byte_view{first->second}.subspan(static_cast<std::size_t>(known)));
    queued_bytes_ -= first->second.size();
    queue_.erase(first);
  }
}

void shared_file::drain_with_holes() {
  while (!queue_.empty()) {
    if (const auto begin = queue_.begin()->first; begin > body_.total())
      body_.lose(begin - body_.total());
    drain();
  }
}

void shared_file::close() {
  place_ = place::none;
  drain_with_holes();
  body_.complete();
}

} // namespace cresset::detect::proto
