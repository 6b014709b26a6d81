#pragma once

#include "detect/proto/frame_list.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

namespace cresset::detect::proto {

/// Names the frames of a protocol whose records say at their begin how long they are, beside the
/// parser that reads them: it sees the same bytes, keeps at most the head of one record, and does
/// nothing while nobody asks for frames. Behind a gap that takes more than the rest of a record it
/// names nothing more in that direction.
///
/// A layout is called with the bytes at hand, `limit_head_bytes` at most, and says how many it
/// wants to see before it can say more, or how far the next record is; through the `namer` it names
/// frames by places counted from the first of these bytes.
class frame_cutter {
public:
  static constexpr std::size_t limit_head_bytes = 128;

  struct step {
    std::size_t wanted = 0;    ///< bytes to be shown; 0 when `advance` is set or nothing follows
    std::uint64_t advance = 0; ///< to what is looked at next; 0 with no `wanted`: give up
  };
  static constexpr step wants(std::size_t bytes) noexcept { return {bytes, 0}; }
  static constexpr step goes_on(std::uint64_t bytes) noexcept { return {0, bytes}; }

  /// Opens frames counted from the head's first byte.
  class namer {
  public:
    namer(frame_list& list, direction way, std::int64_t begin) noexcept
        : list_{list}, way_{way}, begin_{begin} {}
    void operator()(std::string_view type, std::uint64_t at, std::uint64_t length) const {
      list_.open(way_, type, begin_ + static_cast<std::int64_t>(at), length);
    }

  private:
    frame_list& list_;
    direction way_;
    std::int64_t begin_;
  };

  frame_list list;

  /// Each byte of a direction, before or behind the parser's reading of it.
  template <typename Layout>
  void bytes(direction way, byte_view bytes, Layout& layout) {
    if (!list.is_awake())
      return;
    list.take(way, bytes);
    auto& mine = halves_[index(way)];
    std::size_t at = 0;
    while (!mine.is_lost && at < bytes.size()) {
      if (mine.to_skip > 0) {
        const auto skipped = std::min<std::uint64_t>(mine.to_skip, bytes.size() - at);
        mine.to_skip -= skipped;
        at += static_cast<std::size_t>(skipped);
        continue;
      }
      if (!look(mine, way, bytes, at, layout))
        return;
    }
  }
  void gap(direction way, std::uint64_t size) {
    list.skip(way, size);
    auto& mine = halves_[index(way)];
    mine.is_lost = mine.is_lost || !mine.held.empty() || size > mine.to_skip;
    mine.to_skip -= std::min(mine.to_skip, size);
  }
  void end(direction way) { list.end(way); }

private:
  struct half {
    std::vector<std::byte> held; ///< the begin of a record whose head is not whole
    std::uint64_t to_skip = 0;
    bool is_lost = false;
  };

  /// Shows the layout what stands at `at`, which moves on; false when more bytes are needed.
  template <typename Layout>
  bool look(half& mine, direction way, byte_view bytes, std::size_t& at, Layout& layout) {
    const auto before = mine.held.size();
    const auto more = std::min(bytes.size() - at, limit_head_bytes - before);
    const auto rest = bytes.subspan(at).first(more);
    if (before != 0)
      mine.held.insert(mine.held.end(), rest.begin(), rest.end());
    const auto head = before != 0 ? byte_view{mine.held} : rest;
    const auto begin = static_cast<std::int64_t>(at) - static_cast<std::int64_t>(before);
    const step next = layout(way, head, namer{list, way, begin});
    if (next.wanted > head.size() && head.size() < limit_head_bytes) {
      if (before == 0)
        mine.held.assign(rest.begin(), rest.end());
      return false;
    }
    if (next.advance == 0) {
      mine.is_lost = true;
      return false;
    }
    // a record may end within what was held of it: then the rest is shown again
    if (next.advance < before) {
      mine.held.resize(before);
      mine.held.erase(mine.held.begin(),
                      mine.held.begin() + static_cast<std::ptrdiff_t>(next.advance));
      return true;
    }
    mine.held.clear();
    mine.to_skip = next.advance - before;
    return true;
  }

  std::array<half, 2> halves_;
};

} // namespace cresset::detect::proto
