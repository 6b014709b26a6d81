#pragma once

#include "detect/flow/flow.hpp"
#include "detect/flow/flow_timeouts.hpp"
#include "detect/flow/timer_wheel.hpp"

#include <functional>

namespace cresset::detect::flow {

struct flow_table_settings {
  std::size_t limit_flows = 262'144; ///< rounded up to a whole block of 1,024
  flow_key_settings key;
  flow_timeouts timeouts;
  flow_timeouts emergency = emergency_timeouts();
  /// The emergency begins when fewer than this share of the places is free, and ends at twice the
  /// share.
  unsigned emergency_below_percent = 10;
};

/// What the table has done. One thread raises, any thread reads.
struct flow_table_counters {
  counter created;
  counter active;                ///< flows at this moment
  counter tcp, udp, icmp, other; ///< created, by kind
  counter tcp_reused;
  counter timed_out_new, timed_out_established, timed_out_closed;
  /// Ended because their place was needed, by the state they were in.
  counter evicted_new, evicted_established, evicted_closed;
  counter evicted_for_bucket; ///< of those: not for want of flows but of places under one hash
  counter emergencies;
};

/// The flows of one worker in memory of a fixed size: buckets of seven places with two choices of
/// bucket a flow, flows in blocks that are made as they are first needed and never given back.
/// Nothing but the first use of a block allocates. Time is packet time. One thread.
class flow_table {
public:
  /// Called for each flow that ends, while all of it is still there; it must not call the table.
  using end_handler = std::function<void(flow&, flow_end)>;

  struct found_flow {
    flow* owner = nullptr; ///< never null
    proto::direction way{};
    bool is_new = false;
  };

  explicit flow_table(const flow_table_settings& settings, end_handler on_end = {});
  ~flow_table();
  flow_table(const flow_table&) = delete;
  flow_table& operator=(const flow_table&) = delete;

  /// A burst's lookup in three strides, each over the whole burst: `key`, `prefetch`,
  /// `prefetch_flow`; then `find_or_create` one by one. Leaving the prefetches out changes nothing
  /// but time.
  keyed_packet key(const capture::decode::decoded_packet& packet) const noexcept {
    return make_key(packet, settings_.key);
  }
  void prefetch(const keyed_packet& packet) const noexcept {
    __builtin_prefetch(&buckets_[first_bucket(packet.hash)]);
  }
  void prefetch_flow(const keyed_packet& packet) const noexcept;

  /// The flow of this packet, made when there is none; the packet is not counted yet
  /// (`flow::count`). A new SYN on the tuple of a TCP connection that is over ends that flow and
  /// makes another. When all places are taken the least useful of a few flows ends first.
  found_flow find_or_create(const keyed_packet& key, const capture::decode::decoded_packet& packet,
                            timestamp now);
  /// The flow of that key, or null.
  flow* find(const keyed_packet& key) noexcept;

  /// Ends flows that were silent too long. Cheap when nothing is due: call it once a burst.
  std::size_t expire(timestamp now);
  /// A flow whose state has changed may be due earlier than it was: tcp_tracker's callers tell the
  /// table.
  void state_changed(flow& changed) noexcept;
  /// Ends this flow now.
  void end(flow& ended, flow_end why);
  /// All flows, in the order in which end_all would end them.
  std::vector<flow*> oldest_first();
  /// Ends all flows, oldest first.
  void end_all(flow_end why = flow_end::shutdown);

  std::size_t size() const noexcept { return size_; }
  std::size_t limit() const noexcept { return limit_; }
  bool in_emergency() const noexcept { return emergency_; }
  const flow_table_counters& counters() const noexcept { return counters_; }
  std::chrono::nanoseconds timeout_of(const flow& asked) const noexcept;

private:
  static constexpr std::size_t block_flows = 1024;
  static constexpr std::size_t bucket_places = 7;
  static constexpr std::size_t eviction_sample = 32;
  static constexpr std::uint32_t nobody = 0xffffffff;

  /// One cache line: the upper half of each hash, the flow's number, and how many flows that would
  /// belong here stand in their second bucket.
  struct alignas(64) bucket {
    std::array<std::uint32_t, bucket_places> tags{};
    std::array<std::uint32_t, bucket_places> flows{};
    std::uint32_t elsewhere = 0;
    std::uint32_t used = 0;
  };
  static_assert(sizeof(bucket) == 64);

  std::size_t first_bucket(std::uint64_t hash) const noexcept { return hash & bucket_mask_; }
  std::size_t second_bucket(std::uint64_t hash) const noexcept {
    return (first_bucket(hash) ^ ((hash >> 40 | 1U) * 0x5bd1e995U)) & bucket_mask_;
  }
  static std::uint32_t tag_of(std::uint64_t hash) noexcept {
    return static_cast<std::uint32_t>(hash >> 32);
  }
  flow& at(std::uint32_t number) const noexcept {
    return blocks_[number / block_flows][number % block_flows];
  }

  std::uint32_t find_number(const keyed_packet& key) const noexcept;
  std::uint32_t find_in(const bucket& place, const keyed_packet& key) const noexcept;
  std::uint32_t make_place(std::uint64_t hash);
  void add_block();
  void enter(std::uint32_t number, std::uint64_t hash) noexcept;
  void leave(std::uint32_t number) noexcept;
  static bool remove_from(bucket& place, std::uint32_t number) noexcept;
  void evict_least_useful();
  void evict(std::uint32_t number);
  void end_number(std::uint32_t number, flow_end why);
  bool look_at_deadline(std::uint32_t number);
  void weigh_emergency() noexcept;

  flow_table_settings settings_;
  end_handler on_end_;
  std::size_t limit_ = 0;
  std::size_t size_ = 0;
  std::size_t bucket_mask_ = 0;
  std::vector<bucket> buckets_;
  std::vector<std::unique_ptr<flow[]>> blocks_;
  std::vector<std::uint32_t> free_;
  std::uint32_t hand_ = 0; // where the search for a least useful flow goes on
  timestamp now_;
  bool emergency_ = false;
  timer_wheel wheel_;
  flow_table_counters counters_;
};

} // namespace cresset::detect::flow
