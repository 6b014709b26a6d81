#include "detect/flow/flow_table.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstdint>

#include <sys/mman.h>

// A flow stands in one of the two buckets its hash names; a bucket is one cache line of seven tags
// and flow numbers. A lookup reads the first bucket, and the second only if some flow that belongs
// in the first had to go elsewhere. Of the tags that agree the keys are compared, so a hit costs
// two lines: bucket and flow.
//
// There are at least twice as many places as flows. With two choices of seven places both buckets
// of a new flow are full about never, unless somebody who knows the secret of the hash wants it so;
// then a flow in them gives way.
//
// Expiry costs a packet nothing: the wheel holds each flow once, at the deadline it had when it was
// put there, and when that comes the real deadline decides. Only a state with a shorter limit has
// to be told (state_changed).
namespace cresset::detect::flow {
namespace {

using capture::decode::decoded_packet;
using proto::direction;

constexpr std::size_t wheel_slots = 1024;
constexpr std::chrono::seconds wheel_resolution{1};

const state_timeouts& kind_of(const flow_timeouts& all, std::uint8_t protocol) noexcept {
  switch (static_cast<ip_protocol>(protocol)) {
  case ip_protocol::tcp: return all.tcp;
  case ip_protocol::udp: return all.udp;
  case ip_protocol::icmp:
  case ip_protocol::icmpv6: return all.icmp;
  default: return all.other;
  }
}

counter& kind_of(flow_table_counters& all, std::uint8_t protocol) noexcept {
  switch (static_cast<ip_protocol>(protocol)) {
  case ip_protocol::tcp: return all.tcp;
  case ip_protocol::udp: return all.udp;
  case ip_protocol::icmp:
  case ip_protocol::icmpv6: return all.icmp;
  default: return all.other;
  }
}

/// A connection that is over, and a SYN that is not a late copy of its own.
bool begins_anew(const flow& known, const decoded_packet& packet) noexcept {
  if (!packet.tcp || !known.session || !known.session->is_over())
    return false;
  const auto flags = packet.tcp->flags;
  return (flags & capture::decode::tcp_syn) != 0 &&
         (flags &
          (capture::decode::tcp_ack | capture::decode::tcp_rst | capture::decode::tcp_fin)) == 0;
}

/// How little is lost with a flow: what is over goes first, then what nobody answered, then what
/// was silent longest.
std::int64_t usefulness(const flow& known) noexcept {
  const std::int64_t state = known.state() == flow_state::closed     ? 0
                             : known.state() == flow_state::new_flow ? 1
                                                                     : 2;
  constexpr std::int64_t century_s = 3'200'000'000;
  return state * century_s * 2 + to_ns(known.last_seen()) / 1'000'000'000;
}

/// Buckets are hit at random: with pages of 4 KiB nearly every packet would miss the TLB. Who has
/// no large pages does without.
void ask_for_large_pages(void* memory, std::size_t bytes) noexcept {
  constexpr std::uintptr_t page = 2 << 20;
  const auto begin = (reinterpret_cast<std::uintptr_t>(memory) + page - 1) / page * page;
  const auto end = (reinterpret_cast<std::uintptr_t>(memory) + bytes) / page * page;
  if (begin < end)
    static_cast<void>(madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE));
}

} // namespace

flow_table::flow_table(const flow_table_settings& settings, end_handler on_end)
    : settings_{settings}, on_end_{std::move(on_end)},
      limit_{std::max<std::size_t>(1, (settings.limit_flows + block_flows - 1) / block_flows) *
             block_flows},
      wheel_{limit_, wheel_slots, wheel_resolution} {
  const std::size_t buckets = std::bit_ceil(std::max<std::size_t>(2, limit_ * 2 / bucket_places));
  buckets_.reserve(buckets);
  ask_for_large_pages(buckets_.data(), buckets * sizeof(bucket));
  buckets_.resize(buckets);
  bucket_mask_ = buckets - 1;
  blocks_.reserve(limit_ / block_flows);
  free_.reserve(limit_);
}

flow_table::~flow_table() = default;

std::uint32_t flow_table::find_in(const bucket& place, const keyed_packet& key) const noexcept {
  const std::uint32_t tag = tag_of(key.hash);
  for (std::uint32_t i = 0; i < place.used; ++i)
    if (place.tags[i] == tag && at(place.flows[i]).key() == key.key)
      return place.flows[i];
  return nobody;
}

std::uint32_t flow_table::find_number(const keyed_packet& key) const noexcept {
  const auto& first = buckets_[first_bucket(key.hash)];
  const std::uint32_t found = find_in(first, key);
  if (found != nobody || first.elsewhere == 0)
    return found;
  return find_in(buckets_[second_bucket(key.hash)], key);
}

void flow_table::prefetch_flow(const keyed_packet& packet) const noexcept {
  const auto& place = buckets_[first_bucket(packet.hash)];
  const std::uint32_t tag = tag_of(packet.hash);
  for (std::uint32_t i = 0; i < place.used; ++i)
    if (place.tags[i] == tag) {
      const auto* const line = reinterpret_cast<const char*>(&at(place.flows[i]));
      __builtin_prefetch(line);
      __builtin_prefetch(line + 64);
      __builtin_prefetch(line + 128);
      return;
    }
}

flow* flow_table::find(const keyed_packet& key) noexcept {
  const std::uint32_t number = find_number(key);
  return number == nobody ? nullptr : &at(number);
}

flow_table::found_flow flow_table::find_or_create(const keyed_packet& key,
                                                  const decoded_packet& packet, timestamp now) {
  now_ = std::max(now_, now);
  wheel_.start(now);
  if (const std::uint32_t number = find_number(key); number != nobody) {
    flow& known = at(number);
    if (!begins_anew(known, packet))
      return {&known, known.way_of(key), false};
    counters_.tcp_reused.add();
    end_number(number, flow_end::tcp_reuse);
  }
  const std::uint32_t number = make_place(key.hash);
  flow& made = at(number);
  made.begin(key, packet, now);
  enter(number, key.hash);
  wheel_.schedule(number, now + timeout_of(made));
  counters_.created.add();
  kind_of(counters_, key.key.protocol).add();
  weigh_emergency();
  return {&made, made.way_of(key), true};
}

/// The number of a free flow, with a place for it in one of the buckets of `hash`.
std::uint32_t flow_table::make_place(std::uint64_t hash) {
  const auto& first = buckets_[first_bucket(hash)];
  if (first.used == bucket_places && buckets_[second_bucket(hash)].used == bucket_places) {
    counters_.evicted_for_bucket.add();
    evict(*std::min_element(
        first.flows.begin(), first.flows.end(),
        [&](std::uint32_t a, std::uint32_t b) { return usefulness(at(a)) < usefulness(at(b)); }));
  }
  if (free_.empty() && blocks_.size() * block_flows == limit_)
    evict_least_useful();
  if (free_.empty())
    add_block();
  const std::uint32_t number = free_.back();
  free_.pop_back();
  return number;
}

void flow_table::add_block() {
  const auto begin = static_cast<std::uint32_t>(blocks_.size() * block_flows);
  blocks_.push_back(std::make_unique<flow[]>(block_flows));
  for (std::uint32_t i = block_flows; i-- > 0;) {
    at(begin + i).number_ = begin + i;
    free_.push_back(begin + i);
  }
}

void flow_table::enter(std::uint32_t number, std::uint64_t hash) noexcept {
  auto* place = &buckets_[first_bucket(hash)];
  if (place->used == bucket_places) {
    ++place->elsewhere;
    place = &buckets_[second_bucket(hash)];
  }
  assert(place->used < bucket_places);
  place->tags[place->used] = tag_of(hash);
  place->flows[place->used] = number;
  ++place->used;
  ++size_;
  counters_.active.set(size_);
}

void flow_table::leave(std::uint32_t number) noexcept {
  const std::uint64_t hash = at(number).hash_;
  auto& first = buckets_[first_bucket(hash)];
  if (!remove_from(first, number)) {
    const bool was_there = remove_from(buckets_[second_bucket(hash)], number);
    assert(was_there && first.elsewhere != 0);
    static_cast<void>(was_there);
    --first.elsewhere;
  }
  --size_;
  counters_.active.set(size_);
}

bool flow_table::remove_from(bucket& place, std::uint32_t number) noexcept {
  const auto end = place.flows.begin() + place.used;
  const auto found = std::find(place.flows.begin(), end, number);
  if (found == end)
    return false;
  const auto i = static_cast<std::size_t>(found - place.flows.begin());
  --place.used;
  place.flows[i] = place.flows[place.used];
  place.tags[i] = place.tags[place.used];
  return true;
}

/// Of the next few flows round the table the least useful one.
void flow_table::evict_least_useful() {
  std::uint32_t chosen = nobody;
  for (std::size_t tried = 0; tried < eviction_sample; ++tried) {
    hand_ = (hand_ + 1) % static_cast<std::uint32_t>(limit_);
    if (at(hand_).used_ && (chosen == nobody || usefulness(at(hand_)) < usefulness(at(chosen))))
      chosen = hand_;
  }
  assert(chosen != nobody); // called only when every flow is in use
  evict(chosen);
}

void flow_table::evict(std::uint32_t number) {
  switch (at(number).state()) {
  case flow_state::new_flow: counters_.evicted_new.add(); break;
  case flow_state::established: counters_.evicted_established.add(); break;
  case flow_state::closed: counters_.evicted_closed.add(); break;
  }
  end_number(number, flow_end::forced);
}

void flow_table::end_number(std::uint32_t number, flow_end why) {
  flow& ended = at(number);
  if (on_end_)
    on_end_(ended, why);
  wheel_.cancel(number);
  leave(number);
  ended.clear();
  free_.push_back(number);
}

void flow_table::end(flow& ended, flow_end why) {
  end_number(ended.number_, why);
  weigh_emergency();
}

std::vector<flow*> flow_table::oldest_first() {
  std::vector<flow*> all;
  all.reserve(size_);
  for (std::uint32_t i = 0; i < blocks_.size() * block_flows; ++i)
    if (at(i).used_)
      all.push_back(&at(i));
  // Flows that began in the same instant by id, so that the order does not depend on the table.
  std::sort(all.begin(), all.end(), [](const flow* a, const flow* b) {
    return std::pair{a->first_seen(), a->id()} < std::pair{b->first_seen(), b->id()};
  });
  return all;
}

void flow_table::end_all(flow_end why) {
  for (const auto* one : oldest_first())
    end_number(one->number_, why);
  weigh_emergency();
}

std::chrono::nanoseconds flow_table::timeout_of(const flow& asked) const noexcept {
  const auto& limits =
      kind_of(emergency_ ? settings_.emergency : settings_.timeouts, asked.key().protocol);
  switch (asked.state()) {
  case flow_state::new_flow: return limits.new_flow;
  case flow_state::established: return limits.established;
  default: return limits.closed;
  }
}

void flow_table::state_changed(flow& changed) noexcept {
  wheel_.schedule(changed.number_, changed.last_seen() + timeout_of(changed));
}

std::size_t flow_table::expire(timestamp now) {
  now_ = std::max(now_, now);
  wheel_.start(now);
  std::size_t ended = 0;
  wheel_.advance(now_, [&](std::uint32_t number) { ended += look_at_deadline(number) ? 1 : 0; });
  if (ended != 0)
    weigh_emergency();
  return ended;
}

bool flow_table::look_at_deadline(std::uint32_t number) {
  const flow& due = at(number);
  const timestamp deadline = due.last_seen() + timeout_of(due);
  if (deadline > now_) {
    wheel_.schedule(number, deadline);
    return false;
  }
  switch (due.state()) {
  case flow_state::new_flow: counters_.timed_out_new.add(); break;
  case flow_state::established: counters_.timed_out_established.add(); break;
  case flow_state::closed: counters_.timed_out_closed.add(); break;
  }
  end_number(number, flow_end::timeout);
  return true;
}

/// When places run short limits are shorter for all flows, also for those whose deadline was set
/// before.
void flow_table::weigh_emergency() noexcept {
  const std::size_t free = limit_ - size_;
  const std::size_t threshold = limit_ * settings_.emergency_below_percent / 100;
  if (!emergency_ && free < threshold) {
    emergency_ = true;
    counters_.emergencies.add();
    for (std::uint32_t i = 0; i < blocks_.size() * block_flows; ++i)
      if (at(i).used_)
        wheel_.schedule(i, at(i).last_seen() + timeout_of(at(i)));
  } else if (emergency_ && free >= 2 * threshold) {
    emergency_ = false;
  }
}

} // namespace cresset::detect::flow
