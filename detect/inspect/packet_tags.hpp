#pragma once

#include "capture/base/ip_address.hpp"
#include "capture/base/timestamp.hpp"
#include "detect/rule/options/effects.hpp"

#include <atomic>
#include <map>
#include <mutex>

namespace cresset::detect::inspect {

/// How much of what follows a match is still to be told (manual: Tag).
class packet_tag {
public:
  packet_tag() = default;
  packet_tag(const rule::options::tag& wanted, timestamp at) noexcept;

  /// Counts a packet; true when it belongs to what is told.
  bool takes(std::uint64_t bytes, timestamp at) noexcept;
  bool is_over() const noexcept { return left_ == 0; }

private:
  rule::options::tag::unit unit_{};
  std::uint64_t left_ = 0; ///< packets, bytes or, of seconds, 1 while they last
  timestamp until_{};
};

/// The tags of addresses, one table for all workers, touched only while there are any. Bounded: a
/// tag over the limit is not set.
class host_tags {
public:
  static constexpr std::size_t limit_hosts = 4096;

  void set(const ip_address& host, const rule::options::tag& wanted, timestamp at);
  /// Counts a packet between the two; true when one of them is tagged.
  bool take(const ip_address& one, const ip_address& other, std::uint64_t bytes, timestamp at);

private:
  std::atomic<std::size_t> alive_{0};
  std::mutex mutex_;
  std::map<ip_address, packet_tag> tags_;
};

} // namespace cresset::detect::inspect
