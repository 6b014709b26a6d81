#pragma once

#include "capture/base/counter.hpp"
#include "capture/base/five_tuple.hpp"
#include "capture/base/timestamp.hpp"
#include "detect/rule/options/threshold.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

namespace cresset::detect::inspect {

/// What matches of a rule are counted by, resolved for one match.
struct tracker_key {
  std::uint32_t gid = 0;
  std::uint32_t sid = 0;
  rule::options::tracker how{};
  bool is_filter = false; ///< of detection_filter, which a rule may have beside a threshold
  bool is_rate = false;   ///< of a rate_filter
  ip_address one;         ///< by_src, by_dst, by_both
  ip_address other;       ///< by_both
  std::uint64_t flow = 0; ///< by_flow

  friend bool operator==(const tracker_key&, const tracker_key&) noexcept = default;
};
tracker_key make_tracker_key(std::uint32_t gid, std::uint32_t sid, rule::options::tracker how,
                             const five_tuple& tuple, std::uint64_t flow) noexcept;

/// `rate_filter`: more than `count` matches in `seconds`, and what that means for `timeout_s`.
struct rate_limit {
  std::uint32_t count = 0;
  std::uint32_t seconds = 0;
  std::uint32_t timeout_s = 0;
};

/// The counts behind `threshold` and `detection_filter`, one table for all workers: it is touched
/// only by rules that matched, never per packet. Bounded; when a shard is full its oldest entry
/// goes, and is counted.
class threshold_table {
public:
  explicit threshold_table(std::size_t limit_entries = 262'144);

  /// Counts a match at `at` and says whether it becomes an alert.
  bool allows(const rule::options::threshold& by, const tracker_key& key, timestamp at);
  bool allows(const rule::options::detection_filter& by, const tracker_key& key, timestamp at);

  /// Counts a match and says whether the rate was reached, now or within the time-out before.
  bool is_exceeded(const rate_limit& by, const tracker_key& key, timestamp at);

  std::uint64_t evicted() const noexcept { return evicted_.load(std::memory_order_relaxed); }

private:
  struct entry {
    timestamp begin; ///< of the window
    std::uint64_t count = 0;
    std::uint64_t next = 0; ///< backoff: the count of the next alert
    timestamp until{};      ///< rate_filter: its time-out
  };
  struct hash {
    std::size_t operator()(const tracker_key& key) const noexcept;
  };
  struct shard {
    std::mutex mutex;
    std::unordered_map<tracker_key, entry, hash> entries;
  };
  static constexpr std::size_t shards = 16;

  template <typename F>
  bool with_entry(const tracker_key& key, timestamp at, F&& decide);

  std::size_t limit_per_shard_;
  std::array<shard, shards> shards_;
  std::atomic<std::uint64_t> evicted_{0};
};

} // namespace cresset::detect::inspect
