#pragma once

#include "coord/handover/handover.hpp"
#include "coord/incident/repository.hpp"

#include <vector>

namespace cresset::coord::handover {

inline constexpr std::size_t note_limit_bytes = 10'000;

/// Hand-overs and what happened between them. Any thread.
class handover_repository {
public:
  virtual ~handover_repository() = default;

  /// Newest first.
  virtual incident::result<std::vector<handover>> handovers(std::optional<handover_id> after,
                                                            int limit) = 0;
  /// The last one that was accepted; `not_found` before the first.
  virtual incident::result<handover> last_accepted() = 0;
  /// Writes one; the one that waits, if there is one, is replaced by it as far as acceptance goes.
  virtual incident::result<handover> write(const std::string& note, incident::user_id by,
                                           timestamp at) = 0;
  /// `refused` when it was accepted already, when a newer one was written, or by the one who wrote
  /// it.
  virtual incident::result<handover> accept(handover_id id, incident::user_id by, timestamp at) = 0;
  /// Incidents with entries of the journal behind `after`, gravest first; exercises left out.
  virtual incident::result<std::vector<changed_incident>> changed_since(std::int64_t after,
                                                                        int limit) = 0;
};

} // namespace cresset::coord::handover
