#pragma once

#include "capture/base/timestamp.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace cresset::detect::flow {

/// When which of `entries` numbered things is due. A ring of slots one resolution wide; each holds
/// a list of entries threaded through arrays, so nothing is allocated after the start and every
/// call but `advance` is a few stores. Deadlines further away than the ring is long come round
/// again: whoever is called must look at the real deadline and schedule anew. Time is whatever the
/// caller's packets say; it never runs backwards here. One thread.
class timer_wheel {
public:
  using entry = std::uint32_t;
  static constexpr entry none = 0xffffffff;

  timer_wheel(std::size_t entries, std::size_t ring_slots, std::chrono::nanoseconds resolution);

  /// Sets the clock, the first time only. Precondition of everything below.
  void start(timestamp now) noexcept {
    if (!started_)
      current_ = tick_of(now);
    started_ = true;
  }

  /// `what` becomes due at the first `advance` to `deadline` or later, at most one resolution late;
  /// an earlier appointment of it is forgotten.
  void schedule(entry what, timestamp deadline) noexcept;
  void cancel(entry what) noexcept;
  bool is_scheduled(entry what) const noexcept { return slot_[what] != unscheduled; }

  /// Calls `due(entry)` for each entry whose slot lies before `now`; it is not scheduled any more
  /// when called and may be scheduled again. Visits each slot at most once, however far the clock
  /// jumps. Answers how many were called.
  template <typename Due>
  std::size_t advance(timestamp now, Due&& due) {
    const std::int64_t target = tick_of(now);
    if (target <= current_)
      return 0;
    const auto steps =
        std::min<std::int64_t>(target - current_, static_cast<std::int64_t>(slots()));
    // Slots are emptied into a list of their own before anybody is called, so that an entry
    // scheduled from `due` is not called twice, and one that `due` cancels is not called at all.
    for (std::int64_t step = 0; step < steps; ++step)
      collect(slot_of(current_ + step));
    current_ = target;
    std::size_t called = 0;
    for (; heads_[slots()] != none; ++called) {
      const entry what = heads_[slots()];
      cancel(what);
      due(what);
    }
    return called;
  }

private:
  static constexpr std::uint32_t unscheduled = 0xffffffff;

  std::size_t slots() const noexcept { return heads_.size() - 1; }
  std::size_t slot_of(std::int64_t tick) const noexcept;
  std::int64_t tick_of(timestamp at) const noexcept;
  void link(entry what, std::size_t slot) noexcept;
  void collect(std::size_t slot) noexcept;

  std::int64_t resolution_ns_;
  std::int64_t current_ = 0; // the first slot that was not visited yet
  bool started_ = false;
  std::vector<entry> heads_; // one a slot, and one for those that are due
  std::vector<entry> next_;
  std::vector<entry> previous_;
  std::vector<std::uint32_t> slot_;
};

} // namespace cresset::detect::flow
