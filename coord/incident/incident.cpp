#include "coord/incident/incident.hpp"

#include <fmt/format.h>

namespace cresset::coord::incident {

std::string incident_name(incident_id id, timestamp opened) {
  const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(opened)};
  return fmt::format("INC-{:04}-{:06}", static_cast<int>(day.year()), id.value);
}

} // namespace cresset::coord::incident
