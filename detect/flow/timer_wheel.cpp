#include "detect/flow/timer_wheel.hpp"

#include <cassert>

namespace cresset::detect::flow {

timer_wheel::timer_wheel(std::size_t entries, std::size_t ring_slots,
                         std::chrono::nanoseconds resolution)
    : resolution_ns_{resolution.count()}, heads_(ring_slots + 1, none), next_(entries, none),
      previous_(entries, none), slot_(entries, unscheduled) {
  assert(ring_slots > 1 && resolution.count() > 0 && entries < none);
}

std::int64_t timer_wheel::tick_of(timestamp at) const noexcept {
  const std::int64_t ns = to_ns(at);
  return ns / resolution_ns_ - (ns % resolution_ns_ < 0 ? 1 : 0);
}

void timer_wheel::schedule(entry what, timestamp deadline) noexcept {
  cancel(what);
  assert(started_);
  // Never the slot that was just emptied, never further than the ring is long.
  link(what, slot_of(std::clamp(tick_of(deadline), current_,
                                current_ + static_cast<std::int64_t>(slots()) - 1)));
}

std::size_t timer_wheel::slot_of(std::int64_t tick) const noexcept {
  const auto ring = static_cast<std::int64_t>(slots());
  return static_cast<std::size_t>((tick % ring + ring) % ring);
}

void timer_wheel::link(entry what, std::size_t slot) noexcept {
  slot_[what] = static_cast<std::uint32_t>(slot);
  previous_[what] = none;
  next_[what] = heads_[slot];
  if (heads_[slot] != none)
    previous_[heads_[slot]] = what;
  heads_[slot] = what;
}

void timer_wheel::collect(std::size_t slot) noexcept {
  while (heads_[slot] != none) {
    const entry what = heads_[slot];
    cancel(what);
    link(what, slots());
  }
}

void timer_wheel::cancel(entry what) noexcept {
  if (slot_[what] == unscheduled)
    return;
  if (previous_[what] != none)
    next_[previous_[what]] = next_[what];
  else
    heads_[slot_[what]] = next_[what];
  if (next_[what] != none)
    previous_[next_[what]] = previous_[what];
  slot_[what] = unscheduled;
}

} // namespace cresset::detect::flow
