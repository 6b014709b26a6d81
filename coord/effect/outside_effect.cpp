#include "coord/effect/outside_effect.hpp"

#include "coord/incident/words.hpp"

namespace cresset::coord::effect {
namespace {
constexpr incident::words<effect_kind, 2> kinds{{"release", "withdrawal"}};
constexpr incident::words<effect_state, 4> states{{"held", "done", "cancelled", "failed"}};
} // namespace

std::string_view to_string(effect_kind kind) noexcept {
  return kinds.word(kind);
}
std::string_view to_string(effect_state state) noexcept {
  return states.word(state);
}
std::optional<effect_state> effect_state_from(std::string_view word) noexcept {
  return states.value(word);
}

} // namespace cresset::coord::effect
