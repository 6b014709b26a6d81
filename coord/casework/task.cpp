#include "coord/casework/task.hpp"

#include <algorithm>
#include <array>

namespace cresset::coord::casework {
namespace {

constexpr std::array<std::string_view, 18> kinds{"attributed",
                                                 "containment",
                                                 "declared",
                                                 "detected",
                                                 "digital-forensics",
                                                 "eradication",
                                                 "escalated",
                                                 "external-intel",
                                                 "external-outreach",
                                                 "external-remediation",
                                                 "external-support",
                                                 "investigation",
                                                 "notification",
                                                 "recovery",
                                                 "reported",
                                                 "routine-updates",
                                                 "victim-notification",
                                                 "measure"};
constexpr std::array<std::string_view, 6> outcomes{"cancelled", "failed",     "ongoing",
                                                   "pending",   "successful", "unsuccessful"};

} // namespace

bool is_task_kind(std::string_view word) noexcept {
  return std::ranges::find(kinds, word) != kinds.end();
}

bool is_task_outcome(std::string_view word) noexcept {
  return std::ranges::find(outcomes, word) != outcomes.end();
}

bool is_final(std::string_view outcome) noexcept {
  return outcome != "pending" && outcome != "ongoing";
}

} // namespace cresset::coord::casework
