#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

namespace cresset::detect::sensor {

/// In which order workers touch what all of them share: thresholds above all. A worker says which
/// moment of the capture it works on; before it touches anything shared it waits until the others
/// have passed that moment. So one capture gives the same alerts whatever the number of workers.
/// Waiting is rare: only matches of rules that count across flows wait.
class turns {
public:
  explicit turns(std::uint32_t workers) : at_(workers) {}

  /// Moments: the packets of a burst by number, then the burst's end.
  static constexpr std::uint64_t of_packet(std::uint64_t number) noexcept { return 2 * number; }
  static constexpr std::uint64_t of_end(std::uint64_t last) noexcept { return 2 * last + 1; }
  static constexpr std::uint64_t over = UINT64_MAX;

  /// `worker` has done with everything before `moment`. Never goes back.
  void reach(std::uint32_t worker, std::uint64_t moment) noexcept {
    at_[worker].moment.store(moment, std::memory_order_release);
  }
  std::uint64_t at(std::uint32_t worker) const noexcept {
    return at_[worker].moment.load(std::memory_order_acquire);
  }
  /// Waits until no other worker has anything to do before this one's moment; of two at the same
  /// moment the one with the lower number goes first.
  void wait(std::uint32_t worker) const noexcept;

private:
  struct alignas(64) place {
    std::atomic<std::uint64_t> moment{0};
  };
  std::vector<place> at_;
};

} // namespace cresset::detect::sensor
