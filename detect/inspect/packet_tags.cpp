#include "detect/inspect/packet_tags.hpp"

#include <algorithm>

namespace cresset::detect::inspect {

using unit = rule::options::tag::unit;

packet_tag::packet_tag(const rule::options::tag& wanted, timestamp at) noexcept
    : unit_{wanted.counted}, left_{wanted.counted == unit::seconds ? 1U : wanted.count},
      until_{at + std::chrono::seconds{wanted.counted == unit::seconds ? wanted.count : 0}} {}

bool packet_tag::takes(std::uint64_t bytes, timestamp at) noexcept {
  if (left_ == 0)
    return false;
  switch (unit_) {
  case unit::packets: --left_; return true;
  case unit::bytes: left_ -= std::min(left_, bytes); return true;
  case unit::seconds: left_ = at <= until_ ? 1 : 0; return left_ != 0;
  }
  return false;
}

void host_tags::set(const ip_address& host, const rule::options::tag& wanted, timestamp at) {
  const std::lock_guard lock{mutex_};
  if (tags_.size() >= limit_hosts && !tags_.contains(host))
    return;
  tags_.insert_or_assign(host, packet_tag{wanted, at});
  alive_.store(tags_.size(), std::memory_order_relaxed);
}

bool host_tags::take(const ip_address& one, const ip_address& other, std::uint64_t bytes,
                     timestamp at) {
  if (alive_.load(std::memory_order_relaxed) == 0)
    return false;
  const std::lock_guard lock{mutex_};
  bool taken = false;
  for (const auto* host : {&one, &other}) {
    const auto found = tags_.find(*host);
    if (found == tags_.end() || taken)
      continue;
    taken = found->second.takes(bytes, at);
    if (found->second.is_over())
      tags_.erase(found);
  }
  alive_.store(tags_.size(), std::memory_order_relaxed);
  return taken;
}

} // namespace cresset::detect::inspect
