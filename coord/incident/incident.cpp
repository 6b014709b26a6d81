#include "coord/incident/incident.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace cresset::coord::incident {
namespace {

constexpr std::array<std::string_view, 5> determinations{"blocked", "confirmed", "failed-attempt",
                                                         "false-positive", "suspected"};
constexpr std::array<std::string_view, 5> recoverabilities{"regular", "supplemented", "extended",
                                                           "not-recoverable", "not-applicable"};

} // namespace

bool is_determination(std::string_view word) noexcept {
  return std::ranges::find(determinations, word) != determinations.end();
}

bool is_recoverability(std::string_view word) noexcept {
  return std::ranges::find(recoverabilities, word) != recoverabilities.end();
}

std::string incident_name(incident_id id, timestamp opened) {
  const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(opened)};
  return fmt::format("INC-{:04}-{:06}", static_cast<int>(day.year()), id.value);
}

} // namespace cresset::coord::incident
