#include "detect/inspect/threshold_table.hpp"

namespace cresset::detect::inspect {

using rule::options::threshold;
using rule::options::tracker;

tracker_key make_tracker_key(std::uint32_t gid, std::uint32_t sid, tracker how,
                             const five_tuple& tuple, std::uint64_t flow) noexcept {
  tracker_key key;
  key.gid = gid;
  key.sid = sid;
  key.how = how;
  switch (how) {
  case tracker::by_src: key.one = tuple.source; break;
  case tracker::by_dst: key.one = tuple.destination; break;
  case tracker::by_both: // the pair, whichever way the packet goes
    key.one = std::min(tuple.source, tuple.destination);
    key.other = std::max(tuple.source, tuple.destination);
    break;
  case tracker::by_rule: break;
  case tracker::by_flow: key.flow = flow; break;
  }
  return key;
}

std::size_t threshold_table::hash::operator()(const tracker_key& key) const noexcept {
  std::uint64_t h = key.sid * 0x9e3779b97f4a7c15U ^ key.flow ^
                    static_cast<std::uint64_t>(key.how) << 56 ^ (key.is_filter ? 1U : 0U) ^
                    (key.is_rate ? 2U : 0U);
  for (const auto* address : {&key.one, &key.other})
    for (const auto byte : address->bytes())
      h = (h ^ std::to_integer<std::uint64_t>(byte)) * 0x100000001b3U;
  return h ^ h >> 29;
}

threshold_table::threshold_table(std::size_t limit_entries)
    : limit_per_shard_{limit_entries / shards + 1} {}

template <typename F>
bool threshold_table::with_entry(const tracker_key& key, timestamp at, F&& decide) {
  auto& place = shards_[hash{}(key) % shards];
  const std::lock_guard lock{place.mutex};
  auto found = place.entries.find(key);
  if (found == place.entries.end()) {
    if (place.entries.size() >= limit_per_shard_) {
      // any entry will do when so many are alive; the first one costs no search
      place.entries.erase(place.entries.begin());
      evicted_.fetch_add(1, std::memory_order_relaxed);
    }
    found = place.entries.emplace(key, entry{at, 0, 0, {}}).first;
  }
  return decide(found->second);
}

bool threshold_table::allows(const threshold& by, const tracker_key& key, timestamp at) {
  const auto window = std::chrono::seconds{by.seconds};
  return with_entry(key, at, [&](entry& e) {
    if (by.how != threshold::type::backoff && at - e.begin >= window && e.count != 0) {
      e.begin = at;
      e.count = 0;
    }
    ++e.count;
    switch (by.how) {
    case threshold::type::limit: return e.count <= by.count;
    case threshold::type::threshold:
      if (e.count < by.count)
        return false;
      e.count = 0;
      e.begin = at;
      return true;
    case threshold::type::both: return e.count == by.count;
    case threshold::type::backoff:
      if (e.next == 0)
        e.next = by.count;
      if (e.count != e.next)
        return false;
      e.next *= by.multiplier;
      return true;
    }
    return true;
  });
}

bool threshold_table::allows(const rule::options::detection_filter& by, const tracker_key& key,
                             timestamp at) {
  const auto window = std::chrono::seconds{by.seconds};
  auto own = key;
  own.is_filter = true;
  return with_entry(own, at, [&](entry& e) {
    if (at - e.begin >= window && e.count != 0) {
      e.begin = at;
      e.count = 0;
    }
    return ++e.count > by.count;
  });
}

bool threshold_table::is_exceeded(const rate_limit& by, const tracker_key& key, timestamp at) {
  const auto window = std::chrono::seconds{by.seconds};
  auto own = key;
  own.is_rate = true;
  return with_entry(own, at, [&](entry& e) {
    if (at < e.until)
      return true;
    if (at - e.begin >= window) {
      e.begin = at;
      e.count = 0;
    }
    if (++e.count < by.count)
      return false;
    e.until = at + std::chrono::seconds{by.timeout_s};
    e.begin = at;
    e.count = 0;
    return true;
  });
}

} // namespace cresset::detect::inspect
