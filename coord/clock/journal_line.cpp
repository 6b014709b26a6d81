// How the clocks follow the journal:
//
//   incident_opened      aware stops; acknowledged too when a person opened it
//   incident_state       away from new: acknowledged; contained or further: contained; closed:
//   contained and closed;
//                        back to triaged or in progress: contained and closed run again
//   incident_changed     acknowledged, once the incident has an owner
//   incident_released    partner_notified
//   any with `clock`     that clock, at the moment it names: owners told by mail or by telephone
#include "coord/clock/journal_line.hpp"

#include "coord/incident/incident_state.hpp"

namespace cresset::coord::clock {
namespace {

void stop(std::optional<timestamp>& clock, timestamp at) {
  if (!clock)
    clock = at;
}

void follow_state(const journal_line& line, clock_times& times) {
  using incident::incident_state;
  const auto state = incident::incident_state_from(line.to);
  if (!state || *state == incident_state::fresh)
    return;
  stop(times[clock_kind::acknowledged], line.at);
  if (*state < incident_state::contained)
    times[clock_kind::contained].reset();
  else
    stop(times[clock_kind::contained], line.at);
  if (*state == incident_state::closed)
    stop(times[clock_kind::closed], line.at);
  else
    times[clock_kind::closed].reset();
}

} // namespace

void apply(const journal_line& line, clock_times& times) {
  if (const auto named = clock_from(line.clock))
    stop(times[*named], line.clock_at.value_or(line.at));
  if (line.kind == "incident_opened") {
    stop(times[clock_kind::aware], line.at);
    if (line.by_person)
      stop(times[clock_kind::acknowledged], line.at);
  } else if (line.kind == "incident_state") {
    follow_state(line, times);
  } else if (line.kind == "incident_changed") {
    if (line.has_owner)
      stop(times[clock_kind::acknowledged], line.at);
  } else if (line.kind == "incident_released") {
    stop(times[clock_kind::partner_notified], line.at);
  }
}

} // namespace cresset::coord::clock
