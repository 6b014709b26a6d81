#include "coord/incident/decision.hpp"

#include "coord/incident/words.hpp"

namespace cresset::coord::incident {
namespace {
constexpr words<decision_kind, 4> kinds{{"acknowledge", "dismiss", "raise", "undo"}};
constexpr words<dismissal_scope, 4> scopes{{"group", "rule_victim", "rule_attacker", "rule"}};
constexpr words<reason_code, 5> codes{
    {"false_positive", "benign", "duplicate", "out_of_scope", "known_activity"}};
} // namespace

std::string_view to_string(decision_kind kind) noexcept {
  return kinds.word(kind);
}
std::string_view to_string(dismissal_scope scope) noexcept {
  return scopes.word(scope);
}
std::string_view to_string(reason_code code) noexcept {
  return codes.word(code);
}
std::optional<decision_kind> decision_kind_from(std::string_view word) noexcept {
  return kinds.value(word);
}
std::optional<dismissal_scope> dismissal_scope_from(std::string_view word) noexcept {
  return scopes.value(word);
}
std::optional<reason_code> reason_code_from(std::string_view word) noexcept {
  return codes.value(word);
}

} // namespace cresset::coord::incident
