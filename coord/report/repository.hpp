#pragma once

#include "coord/incident/repository.hpp"
#include "coord/report/report.hpp"

#include <vector>

namespace cresset::coord::report {

using incident::result;

struct queue_key {
  int severity = 0;
  timestamp received;
  report_id id;
};

struct queue_query {
  std::optional<report_state> state = report_state::open;
  bool exercise = false;
  std::optional<incident::incident_id> incident;
  std::optional<queue_key> after;
  int limit = 50;
};

/// Reports from outside and what was decided on them. Each change is journalled in its transaction.
/// Any thread.
class repository {
public:
  virtual ~repository() = default;

  /// Gravest first, then latest received, then greatest id.
  virtual result<std::vector<report>> queue(const queue_query& query) = 0;
  virtual result<report> one(report_id id) = 0;
  /// Takes one in. A reference that its channel knows already gives the report that is there.
  virtual result<report> enter(const new_report& what, const std::string& by, timestamp now) = 0;
  /// `stale` when somebody decided since the version that was seen.
  virtual result<report_decision> decide(const decision_request& request, timestamp now) = 0;
  /// Newest first.
  virtual result<std::vector<report_decision>> decisions(report_id id, int limit) = 0;
};

} // namespace cresset::coord::report
