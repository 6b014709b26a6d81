#pragma once

#include "coord/federation/stream_entry.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>

namespace cresset::coord::federation {

/// What a received object may do here. It never refuses what was verified: it takes, holds for an
/// analyst, or keeps.
class ingress_gate {
public:
  using clock = std::chrono::steady_clock;

  struct limits {
    std::uint64_t entries_per_minute = 600;
  };

  ingress_gate() : ingress_gate(limits{}) {}
  explicit ingress_gate(limits allowed) : allowed_{allowed} {}

  /// The judgement of a verified object, with the reason when it is not `take`.
  std::pair<disposition, std::string> judge(const signed_::seal& stated,
                                            const std::string& body) const;

  /// Counts an accepted entry at that moment.
  void accepted(clock::time_point now) noexcept;
  /// How many entries the sender may have in flight now: less the nearer the minute's limit is, 0
  /// above it.
  std::uint64_t credit(clock::time_point now) noexcept;

private:
  void refill(clock::time_point now) noexcept;

  limits allowed_;
  double tokens_ = -1; ///< not filled yet
  clock::time_point filled_{};
};

} // namespace cresset::coord::federation
