#include "coord/incident/marking.hpp"

#include "coord/incident/words.hpp"

namespace cresset::coord::incident {
namespace {
constexpr words<tlp, 5> labels{{"clear", "green", "amber", "amber+strict", "red"}};
constexpr words<pap, 4> actions{{"clear", "green", "amber", "red"}};
} // namespace

std::string_view to_string(tlp label) noexcept {
  return labels.word(label);
}
std::string_view to_string(pap label) noexcept {
  return actions.word(label);
}
std::optional<tlp> tlp_from(std::string_view word) noexcept {
  return labels.value(word);
}
std::optional<pap> pap_from(std::string_view word) noexcept {
  return actions.value(word);
}

} // namespace cresset::coord::incident
