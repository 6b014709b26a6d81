#pragma once

#include "capture/base/timestamp.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace cresset::coord::quality {

/// What analysts decided on the groups of a rule. Undone decisions and exercises do not count.
struct rule_quality {
  std::uint32_t gid = 1;
  std::uint32_t sid = 0;
  /// As alerts told it last; empty when none came since the server knows to learn it.
  std::string message;
  std::string classtype;
  std::int64_t revision = 0;
  std::vector<std::string> techniques;
  std::vector<std::string> cves;

  std::int64_t acknowledged = 0;
  std::int64_t raised = 0;
  std::int64_t false_positive = 0;
  std::int64_t benign = 0;
  std::int64_t duplicate = 0;
  std::int64_t out_of_scope = 0;
  std::int64_t known_activity = 0;
  timestamp changed;
  /// Suppressions of the rule in force.
  std::int64_t suppressions = 0;

  std::int64_t decided() const noexcept {
    return acknowledged + raised + false_positive + benign + duplicate + out_of_scope +
           known_activity;
  }
  /// False positives in a hundred decisions; 0 without any.
  int false_positive_percent() const noexcept;
};

/// A suppression is offered from so many false positives on, when they are so much of all.
inline constexpr std::int64_t offer_false_positives = 5;
inline constexpr int offer_percent = 80;

/// Whether a suppression should be offered: enough false positives, nothing raised to an incident,
/// and none in force.
bool offers_suppression(const rule_quality& of) noexcept;

} // namespace cresset::coord::quality
