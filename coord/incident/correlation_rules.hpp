#pragma once

#include "capture/base/expected.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cresset::coord::incident {

/// Whose changes a rule of correlation looks at together.
enum class correlation_subject : std::uint8_t { group = 0, victim = 1, attacker = 2 };
std::string_view to_string(correlation_subject subject) noexcept;

/// One rule of correlation: data, read from YAML (appliance/config/correlation.yaml). It fires for
/// a subject when all its thresholds are reached within `window`; then groups of the subject that
/// match belong to that incident until the subject was quiet for `window`.
struct correlation_rule {
  /// "severe-attack"; stands in the incident and in its key, and should never change.
  std::string id;
  correlation_subject subject = correlation_subject::victim;
  /// Only groups at least this urgent count: 1 takes severity 1 alone.
  int severity = 255;
  /// Only groups whose risk (`risk_of`: urgency times criticality of the victim) is at least this;
  /// 0 asks nothing.
  int risk = 0;
  /// Only groups with an alert that carried an indicator of at least this confidence; nothing asks
  /// for none. -1 is "not asked".
  int indicator = -1;
  /// Alerts, distinct victims, and distinct stages of an attack (classes of RSIT) that the subject
  /// must reach.
  std::int64_t alerts = 1;
  int victims = 1;
  int stages = 1;
  std::chrono::seconds window{std::chrono::hours{24}};
  /// Of the incident, 0 to 100.
  int incident_severity = 50;
  /// May hold {message}, {victim}, {attacker} and {indicator}.
  std::string title;
  /// What the rule means, in words for the analyst, in English and Russian: the first part of
  /// "why". Without the Russian words the English ones serve for both.
  std::string because;
  std::string because_ru;
};

/// What a severity (1 is the gravest) weighs, 0 to 100.
int urgency_of(int severity) noexcept;
/// Urgency times criticality, 0 to 100.
int risk_of(int severity, int criticality) noexcept;

/// The longest window: so far back a correlator reads when it starts.
inline constexpr std::chrono::seconds correlation_window_limit{std::chrono::hours{48}};
inline constexpr std::size_t correlation_rules_limit = 100;

/// Reads the YAML text; `origin` names it in the error, which is one line with the line's number
/// and the remedy.
expected<std::vector<correlation_rule>, std::string>
parse_correlation_rules(std::string_view yaml, std::string_view origin);

} // namespace cresset::coord::incident
