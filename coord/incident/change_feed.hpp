#pragma once

#include "coord/incident/repository.hpp"

#include <chrono>

namespace cresset::coord::incident {

/// Where the three ordered streams of the store stand.
struct feed_heads {
  alert_position alert;
  change_position group_change;
  /// The journal's last sequence: every decision and every event of an incident raises it.
  std::int64_t journal = 0;
};

/// Tells that something was committed. The notification is a hint that saves waiting; the cursor is
/// the truth: whoever asks again from its last position misses nothing, whether or not it was told.
/// One object serves one thread.
class change_feed {
public:
  virtual ~change_feed() = default;

  /// Waits at most `limit` for something newer than `seen`; gives the heads as they are then.
  virtual result<feed_heads> wait(const feed_heads& seen, std::chrono::milliseconds limit) = 0;
  /// Changes of groups behind `after`, in order.
  virtual result<std::vector<group_change>> changes(change_position after, int limit) = 0;
  /// Incidents whose journal entries stand behind `after`, each once, with the greatest sequence
  /// read.
  struct touched_incidents {
    std::vector<incident_id> incidents;
    std::int64_t up_to = 0;
  };
  virtual result<touched_incidents> incidents_touched(std::int64_t after, int limit) = 0;
};

} // namespace cresset::coord::incident
