#include "detect/flow/segment_list.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>

// A new run of bytes meets a sorted row of pieces. It is walked from left to right: what falls into
// a hole becomes a piece of its own; where it lies on a piece, the policy says once for that piece
// whose bytes stand there.
//
//   pieces      [aaaaa]      [bbbbbbb]   [c]
//   arrives   nnnnnnnnnnnnnnnnnnn
//   result    n[aaaaa]nnnnnn?????bbb]   [c]        ? = b, or n with b cut off at its front
//
// A piece that loses some of its bytes keeps the rest as a piece of its own, so that a third
// segment is judged by what is really left, as the systems judge it that trim their queues. Cost: a
// binary search, and a move of the pieces behind for each new one.
namespace cresset::detect::flow {
namespace {

constexpr byte_range intersection(byte_range a, byte_range b) noexcept {
  return {std::max(a.begin, b.begin), std::min(a.end, b.end)};
}

} // namespace

segment_list::outcome segment_list::insert(buffer_pool& pool, const insert_terms& terms,
                                           std::uint64_t begin, byte_view bytes,
                                           byte_range arrived) noexcept {
  outcome result;
  const byte_range whole{begin, begin + bytes.size()};
  const auto part = [&](byte_range range) {
    return bytes.subspan(range.begin - begin, range.size());
  };
  const auto after =
      std::partition_point(pieces_.begin() + static_cast<std::ptrdiff_t>(first_), pieces_.end(),
                           [&](const piece& p) { return p.end() <= begin; });
  auto at = static_cast<std::size_t>(after - pieces_.begin());

  for (std::uint64_t position = begin; position < whole.end;) {
    const std::uint64_t next =
        at < pieces_.size() ? std::min(pieces_[at].begin, whole.end) : whole.end;
    if (position < next) {
      if (add(pool, terms, at, position, part({position, next})))
        result.added_bytes += next - position, ++at;
      else
        result.refused_bytes += next - position;
      position = next;
      continue;
    }
    const byte_range older = pieces_[at].range();
    const byte_range overlap = intersection(older, whole);
    result.overlapped = true;
    if (std::memcmp(pieces_[at].data() + (overlap.begin - older.begin), part(overlap).data(),
                    overlap.size()) != 0) {
      result.differed = true;
      if (terms.decide(terms.policy, older, arrived) &&
          !replace(pool, terms, at, overlap, part(overlap)))
        result.refused_bytes += overlap.size();
    }
    while (at < pieces_.size() && pieces_[at].end() <= overlap.end)
      ++at;
    position = overlap.end;
  }
  return result;
}

bool segment_list::add(buffer_pool& pool, const insert_terms& terms, std::size_t at,
                       std::uint64_t begin, byte_view bytes) noexcept {
  if (size() >= terms.limit_pieces)
    return false;
  auto storage = pool.acquire(bytes.size());
  if (!storage)
    return false;
  std::memcpy(storage.data(), bytes.data(), bytes.size());
  pieces_.insert(pieces_.begin() + static_cast<std::ptrdiff_t>(at),
                 piece{begin, static_cast<std::uint32_t>(bytes.size()), 0, std::move(storage)});
  return true;
}

/// The newer bytes take `overlap` of the piece at `at`; what the piece has before and behind stays.
bool segment_list::replace(buffer_pool& pool, const insert_terms& terms, std::size_t at,
                           byte_range overlap, byte_view bytes) noexcept {
  const byte_range older = pieces_[at].range();
  if (older == overlap) {
    std::memcpy(pieces_[at].data(), bytes.data(), bytes.size());
    return true;
  }
  const bool leaves_front = older.begin < overlap.begin;
  const bool leaves_back = overlap.end < older.end;
  if (leaves_front && leaves_back) {
    const auto back = pieces_[at].bytes().subspan(overlap.end - older.begin);
    if (!add(pool, terms, at + 1, overlap.end, back))
      return false;
    pieces_[at].size = static_cast<std::uint32_t>(overlap.end - older.begin);
  }
  if (!add(pool, terms, leaves_front ? at + 1 : at, overlap.begin, bytes)) {
    return false;
  }
  if (leaves_front) {
    pieces_[at].size = static_cast<std::uint32_t>(overlap.begin - older.begin);
  } else {
    auto& cut = pieces_[at + 1];
    cut.start += static_cast<std::uint32_t>(overlap.size());
    cut.size -= static_cast<std::uint32_t>(overlap.size());
    cut.begin = overlap.end;
  }
  return true;
}

void segment_list::pop_front() noexcept {
  assert(!empty());
  pieces_[first_].storage.reset();
  ++first_;
  if (first_ == pieces_.size() || first_ >= 64) {
    pieces_.erase(pieces_.begin(), pieces_.begin() + static_cast<std::ptrdiff_t>(first_));
    first_ = 0;
  }
}

std::size_t segment_list::runs() const noexcept {
  std::size_t count = empty() ? 0 : 1;
  for (std::size_t i = first_ + 1; i < pieces_.size(); ++i)
    count += pieces_[i].begin != pieces_[i - 1].end() ? 1 : 0;
  return count;
}

void segment_list::clear() noexcept {
  pieces_.clear();
  first_ = 0;
}

} // namespace cresset::detect::flow
