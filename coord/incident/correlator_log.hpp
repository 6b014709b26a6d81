#pragma once

#include "coord/incident/correlator.hpp"
#include "coord/incident/repository.hpp"

#include <chrono>
#include <span>
#include <string>

namespace cresset::coord::incident {

/// How long a leader leads without renewing; half of it is a good time to renew.
inline constexpr std::chrono::seconds leader_lease{15};

/// The stored side of the correlator: who leads, how far it has read, and what follows from what it
/// read. Of several servers on one database one leads; each write checks the leader's term in its
/// own transaction, so that one that was asleep writes nothing.
class correlator_log {
public:
  virtual ~correlator_log() = default;

  /// Becomes leader or stays it; gives the term. `fenced` while somebody else leads.
  virtual result<std::int64_t> lead(const std::string& holder) = 0;
  /// Gives the lead back, so that the next one need not wait.
  virtual result<void> resign(const std::string& holder) = 0;
  /// The last change whose consequences are stored.
  virtual result<change_position> position() = 0;
  /// Where reading must begin to have the last `correlation_window_limit` before `position()`.
  virtual result<change_position> replay_from() = 0;
  virtual result<std::vector<group_change>> changes(change_position after, int limit) = 0;
  /// Stores the actions, in one transaction with the new position. Actions that were stored before
  /// are left out. Gives the correlations that were to be opened or joined and of which there is no
  /// incident: an analyst had taken their groups.
  virtual result<std::vector<std::string>> apply(std::int64_t term, change_position up_to,
                                                 std::span<const correlator_action> actions) = 0;
  /// Those of the correlations that no incident has.
  virtual result<std::vector<std::string>> missing(std::span<const std::string> correlations) = 0;
  /// Deletes changes that nobody needs any more; gives how many.
  virtual result<std::int64_t> trim() = 0;
};

} // namespace cresset::coord::incident
