#pragma once

#include "capture/base/timestamp.hpp"
#include "coord/incident/incident_state.hpp"
#include "coord/incident/number_id.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace cresset::coord::handover {

using handover_id = incident::number_id<struct handover_tag>;

/// One shift's word to the next: written by who goes, accepted by name by who comes.
struct handover {
  handover_id id;
  timestamp written;
  std::string written_by;
  std::string note;
  /// The journal's sequence when it was written: what the next one calls "since".
  std::int64_t up_to = 0;
  std::optional<timestamp> accepted;
  std::string accepted_by;
};

/// An incident something happened to.
struct changed_incident {
  incident::incident_id id;
  std::string name;
  std::string title;
  incident::incident_state state = incident::incident_state::fresh;
  int severity = 0;
  std::int64_t events = 0;
  timestamp last;
};

} // namespace cresset::coord::handover
