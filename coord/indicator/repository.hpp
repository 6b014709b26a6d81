#pragma once

#include "coord/incident/repository.hpp"
#include "coord/indicator/indicator.hpp"
#include "coord/indicator/stix_pattern.hpp"

#include <optional>
#include <string>
#include <vector>

namespace cresset::coord::indicator {

using incident::result;

struct list_query {
  std::optional<indicator_kind> kind;
  std::string source;
  /// Also those that were withdrawn or have ended.
  bool ended = false;
  /// Newest first: below this number; 0 from the newest.
  indicator_id before;
  int limit = 50;
};

/// A partner's indicator that waits for an analyst.
struct offer {
  /// Names it in this list.
  std::int64_t number = 0;
  std::string partner;
  timestamp received;
  /// Why the ingress gate held it.
  std::string held_because;
  /// What it says, or why it cannot be watched for.
  std::optional<offered_indicator> says;
  std::string unreadable;
};

struct acceptance {
  std::int64_t number = 0;
  timestamp expires;
  std::optional<int> confidence;
  std::string comment;
};

/// Indicators and where they come from. Each change is journalled in its transaction. Any thread.
class repository {
public:
  virtual ~repository() = default;

  virtual result<std::vector<indicator>> list(const list_query& query) = 0;
  virtual result<indicator> one(indicator_id id) = 0;
  /// The same kind, value and source again moves the end and changes nothing else.
  virtual result<indicator> add(const new_indicator& what, const std::string& by,
                                timestamp now) = 0;
  /// `refused` when it has ended already.
  virtual result<indicator> withdraw(indicator_id id, const std::string& why, const std::string& by,
                                     timestamp now) = 0;
  /// All that are in force; the store refuses to keep more than `indicators_limit`.
  virtual result<std::vector<indicator>> in_force(timestamp now) = 0;
  /// Rises with every change made by a hand.
  virtual result<std::int64_t> version() = 0;

  /// Oldest first, behind `after`.
  virtual result<std::vector<offer>> offers(std::int64_t after, int limit) = 0;
  virtual result<std::vector<indicator>> accept(const acceptance& what, const std::string& by,
                                                timestamp now) = 0;
  virtual result<void> decline(std::int64_t number, const std::string& why, const std::string& by,
                               timestamp now) = 0;
};

} // namespace cresset::coord::indicator
