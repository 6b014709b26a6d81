#pragma once

#include "coord/effect/outside_effect.hpp"
#include "coord/incident/repository.hpp"

#include <vector>

namespace cresset::coord::effect {

using incident::result;

struct effect_query {
  std::optional<incident::incident_id> incident;
  std::optional<effect_state> state;
  /// Newest first, below this number; all when 0.
  effect_id before;
  int limit = 50;
};

/// What became of an effect whose time had come.
struct effect_ending {
  effect_id id;
  effect_state state = effect_state::done;
  std::string note;
};

/// Effects and where they stand; each step is journalled in its transaction. Any thread.
class repository {
public:
  virtual ~repository() = default;

  /// Asks for a release of that version to that partner. One that is held already is given back as
  /// it is; one of an older version that is held makes room.
  virtual result<outside_effect> hold(const outside_effect& what) = 0;
  virtual result<outside_effect> one(effect_id id) = 0;
  virtual result<std::vector<outside_effect>> list(const effect_query& query) = 0;
  /// Those whose time has come, oldest first.
  virtual result<std::vector<outside_effect>> due(timestamp now, int limit) = 0;
  /// Nothing happens when it is not held any more.
  virtual result<void> end(const effect_ending& what, timestamp now) = 0;
  /// Cancels one that is held, compensates a release that is done by a withdrawal that is due at
  /// once and is given back; anything else is `refused`.
  virtual result<outside_effect> take_back(effect_id id, const std::string& reason,
                                           const std::string& by, timestamp now) = 0;
};

} // namespace cresset::coord::effect
