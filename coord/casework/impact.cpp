#include "coord/casework/impact.hpp"

#include <algorithm>
#include <array>

namespace cresset::coord::casework {
namespace {

constexpr std::array<std::string_view, 7> categories{"availability", "confidentiality", "external",
                                                     "integrity",    "monetary",        "physical",
                                                     "traceability"};

} // namespace

bool is_impact_category(std::string_view word) noexcept {
  return std::ranges::find(categories, word) != categories.end();
}

} // namespace cresset::coord::casework
