#pragma once

#include "detect/alert/alert.hpp"

#include <string>
#include <vector>

namespace cresset::coord::incident {

/// Values of each kind that are kept of a rule, and of an incident.
inline constexpr std::size_t rule_values_limit = 16;
inline constexpr std::size_t incident_values_limit = 100;

/// ATT&CK techniques of the rule's metadata (`mitre_technique_id T1190`), as "T1190" or
/// "T1059.001"; what does not look like one is left out.
std::vector<std::string> techniques_of(const detect::alert::alert& alert);
/// CVEs of the rule's metadata (`cve CVE_2021_44228`) and references, as "CVE-2021-44228".
std::vector<std::string> cves_of(const detect::alert::alert& alert);
/// Whether the sensor or the rule's metadata (`exercise yes`) says that this is an exercise.
bool is_exercise(const detect::alert::alert& alert);

/// "T1190", "T1059.001"; "CVE-2021-44228".
bool is_technique(std::string_view text) noexcept;
bool is_cve(std::string_view text) noexcept;

} // namespace cresset::coord::incident
