#pragma once

#include "coord/incident/repository.hpp"
#include "coord/quality/rule_quality.hpp"
#include "coord/quality/suppression.hpp"

#include <optional>
#include <vector>

namespace cresset::coord::quality {

using incident::result;

/// The last row of the page before.
struct quality_key {
  std::int64_t false_positive = 0;
  std::uint32_t sid = 0;
  std::uint32_t gid = 0;
};

struct quality_query {
  std::optional<quality_key> after;
  int limit = 50;
};

/// What silences a rule that mostly brings false positives, as narrow as they allow.
struct suppression_offer {
  suppression_track track = suppression_track::rule;
  std::string prefix;
  /// False positives that were looked at.
  std::int64_t looked_at = 0;
};

/// All that sensors shall keep quiet at a moment. Whoever carries it down carries it again when
/// `number` differs from the last one, or when `until` has come.
struct suppressions_in_force {
  /// Rises with every change by a hand.
  std::int64_t number = 0;
  std::vector<suppression> all;
  /// When one of them begins or ends by itself; nothing when none does.
  std::optional<timestamp> until;
};

/// Rules by what was decided on them, and suppressions. Each change is journalled in its
/// transaction. Any thread.
class repository {
public:
  virtual ~repository() = default;

  /// Most false positives first.
  virtual result<std::vector<rule_quality>> rules(const quality_query& query) = 0;
  virtual result<rule_quality> rule(std::uint32_t gid, std::uint32_t sid) = 0;
  /// Nothing when the rule does not offer one.
  virtual result<std::optional<suppression_offer>> offer(std::uint32_t gid, std::uint32_t sid) = 0;

  /// Newest first, below `before` (all when 0); `ended` also those that are not in force any more.
  virtual result<std::vector<suppression>> suppressions(bool ended, suppression_id before,
                                                        int limit) = 0;
  virtual result<suppression> one(suppression_id id) = 0;
  virtual result<suppression> add(const suppression& what, timestamp now) = 0;
  /// `refused` when it is over. Within the hold it never reached a sensor.
  virtual result<suppression> withdraw(suppression_id id, const std::string& by, timestamp now) = 0;
  virtual result<suppressions_in_force> in_force(timestamp now) = 0;
};

} // namespace cresset::coord::quality
