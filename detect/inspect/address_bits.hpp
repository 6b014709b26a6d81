#pragma once

#include "capture/base/ip_address.hpp"
#include "capture/base/timestamp.hpp"
#include "detect/rule/options/state_bits.hpp"

#include <array>
#include <atomic>
#include <mutex>
#include <string>
#include <unordered_map>

namespace cresset::detect::inspect {

/// The named bits of addresses and of pairs of addresses that `xbits` and `hostbits` set and test
/// (manual: xbits keyword). One table for all workers, touched only by rules that have come as far
/// as their bit. A bit is gone when its time is over. Bounded; in a full shard any entry makes
/// room, and that is counted.
class address_bits {
public:
  explicit address_bits(std::size_t limit_entries = 262'144);

  /// One bit: its name, and whose it is. A bit of a source is the same as that of a destination:
  /// it belongs to the address.
  struct key {
    std::string name;
    ip_address one;
    ip_address other; ///< of a pair: the higher of the two
    bool of_pair = false;
    friend bool operator==(const key&, const key&) noexcept = default;
  };

  bool has(const key& bit, timestamp at);
  /// Sets it, or gives it more time.
  void set(const key& bit, timestamp at, std::chrono::seconds lives);
  void unset(const key& bit);
  void toggle(const key& bit, timestamp at, std::chrono::seconds lives);

  std::uint64_t evicted() const noexcept { return evicted_.load(std::memory_order_relaxed); }

private:
  struct hash {
    std::size_t operator()(const key& bit) const noexcept;
  };
  struct shard {
    std::mutex mutex;
    std::unordered_map<key, timestamp, hash> until;
  };
  static constexpr std::size_t shards = 16;

  shard& of(const key& bit) noexcept { return shards_[hash{}(bit) % shards]; }
  void put(shard& into, const key& bit, timestamp until);

  std::size_t limit_per_shard_;
  std::array<shard, shards> shards_;
  std::atomic<std::size_t> alive_{0}; ///< none: nobody needs a lock to know
  std::atomic<std::uint64_t> evicted_{0};
};

} // namespace cresset::detect::inspect
