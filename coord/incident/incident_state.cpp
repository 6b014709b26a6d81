#include "coord/incident/incident_state.hpp"

#include "coord/incident/words.hpp"

namespace cresset::coord::incident {
namespace {
constexpr words<incident_state, 7> states{
    {"new", "triaged", "in_progress", "contained", "eradicated", "recovered", "closed"}};
constexpr words<close_reason, 5> reasons{
    {"resolved", "false_positive", "duplicate", "not_ours", "no_answer"}};
} // namespace

bool may_follow(incident_state from, incident_state to) noexcept {
  if (to > from)
    return true;
  return to < from && (to == incident_state::triaged || to == incident_state::in_progress);
}

std::string_view to_string(incident_state state) noexcept {
  return states.word(state);
}
std::string_view to_string(close_reason reason) noexcept {
  return reasons.word(reason);
}
std::optional<incident_state> incident_state_from(std::string_view word) noexcept {
  return states.value(word);
}
std::optional<close_reason> close_reason_from(std::string_view word) noexcept {
  return reasons.value(word);
}

} // namespace cresset::coord::incident
