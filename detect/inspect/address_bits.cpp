#include "detect/inspect/address_bits.hpp"

namespace cresset::detect::inspect {

std::size_t address_bits::hash::operator()(const key& bit) const noexcept {
  std::uint64_t h = std::hash<std::string>{}(bit.name) ^ (bit.of_pair ? 1U : 0U);
  for (const auto* address : {&bit.one, &bit.other})
    for (const auto byte : address->bytes())
      h = (h ^ std::to_integer<std::uint64_t>(byte)) * 0x100000001b3U;
  return h ^ h >> 29;
}

address_bits::address_bits(std::size_t limit_entries)
    : limit_per_shard_{limit_entries / shards + 1} {}

bool address_bits::has(const key& bit, timestamp at) {
  if (alive_.load(std::memory_order_relaxed) == 0)
    return false;
  auto& place = of(bit);
  const std::lock_guard lock{place.mutex};
  const auto found = place.until.find(bit);
  if (found == place.until.end())
    return false;
  if (at < found->second)
    return true;
  place.until.erase(found);
  alive_.fetch_sub(1, std::memory_order_relaxed);
  return false;
}

void address_bits::put(shard& into, const key& bit, timestamp until) {
  const auto found = into.until.find(bit);
  if (found != into.until.end()) {
    found->second = until;
    return;
  }
  if (into.until.size() >= limit_per_shard_) {
    // any entry will do when so many are alive; the first one costs no search
    into.until.erase(into.until.begin());
    evicted_.fetch_add(1, std::memory_order_relaxed);
  } else {
    alive_.fetch_add(1, std::memory_order_relaxed);
  }
  into.until.emplace(bit, until);
}

void address_bits::set(const key& bit, timestamp at, std::chrono::seconds lives) {
  auto& place = of(bit);
  const std::lock_guard lock{place.mutex};
  put(place, bit, at + lives);
}

void address_bits::unset(const key& bit) {
  auto& place = of(bit);
  const std::lock_guard lock{place.mutex};
  alive_.fetch_sub(place.until.erase(bit), std::memory_order_relaxed);
}

void address_bits::toggle(const key& bit, timestamp at, std::chrono::seconds lives) {
  auto& place = of(bit);
  const std::lock_guard lock{place.mutex};
  const auto found = place.until.find(bit);
  if (found == place.until.end()) {
    put(place, bit, at + lives);
  } else if (at < found->second) {
    place.until.erase(found);
    alive_.fetch_sub(1, std::memory_order_relaxed);
  } else {
    found->second = at + lives; // its time was over: it was not set
  }
}

} // namespace cresset::detect::inspect
