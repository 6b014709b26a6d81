#pragma once

#include "capture/base/counter.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace cresset::detect::sensor {

/// Why a received packet's payload was not looked at by the rules that should have.
enum class drop_reason : std::uint8_t {
  damaged,           ///< no network header could be read
  not_ip,            ///< ARP and the like: no rule looks at them
  fragment_waiting,  ///< a piece of a datagram that is inspected whole, when and if it is complete
  bad_checksum,      ///< TCP with a wrong checksum, kept out of its stream (-k auto)
  not_established,   ///< TCP payload of a connection that is not followed
  midstream_ignored, ///< of a connection whose start was not seen, with stream.midstream off
  one_sided,     ///< of a connection of which one side is never seen, with stream.async-oneside off
  out_of_window, ///< TCP payload that its connection refused
  no_memory,     ///< a table or buffer was full
};
inline constexpr std::size_t drop_reason_count =
    static_cast<std::size_t>(drop_reason::no_memory) + 1;

constexpr std::string_view to_string(drop_reason reason) noexcept {
  constexpr std::array<std::string_view, drop_reason_count> names{
      "damaged",           "not_ip",    "fragment_waiting", "bad_checksum", "not_established",
      "midstream_ignored", "one_sided", "out_of_window",    "no_memory"};
  return names[static_cast<std::size_t>(reason)];
}

/// Every packet that was received, in one of three accounts: received = inspected + shunted +
/// dropped by reason. One thread raises, any thread reads.
struct ledger {
  counter received;
  counter received_bytes;
  counter inspected;
  counter shunted;
  std::array<counter, drop_reason_count> dropped;

  void drop(drop_reason reason) noexcept { dropped[static_cast<std::size_t>(reason)].add(); }
  std::uint64_t all_dropped() const noexcept {
    std::uint64_t sum = 0;
    for (const auto& one : dropped)
      sum += one.value();
    return sum;
  }
};

} // namespace cresset::detect::sensor
