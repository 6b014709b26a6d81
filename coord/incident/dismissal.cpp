#include "coord/incident/dismissal.hpp"

#include <algorithm>

namespace cresset::coord::incident {

bool is_in_scope(const standing_dismissal& dismissal, const group_key& key) noexcept {
  const auto& made_on = dismissal.made_on;
  if (key.gid != made_on.gid || key.sid != made_on.sid || key.direction != made_on.direction ||
      key.exercise != made_on.exercise)
    return false;
  const bool same_attacker = key.level == made_on.level && key.attacker == made_on.attacker;
  switch (dismissal.scope) {
  case dismissal_scope::group: return same_attacker && key.victim == made_on.victim;
  case dismissal_scope::rule_victim: return key.victim == made_on.victim;
  case dismissal_scope::rule_attacker: return same_attacker;
  case dismissal_scope::rule: return true;
  }
  return false;
}

coverage weigh(standing_dismissal& dismissal, const group_key& key, int severity,
               std::int64_t alerts, timestamp now) {
  if (!dismissal.active || !is_in_scope(dismissal, key))
    return coverage::outside;
  const auto end = [&](coverage why) {
    dismissal.active = false;
    dismissal.ended = reopening_word(why);
    return why;
  };
  if (now >= dismissal.expires)
    return end(coverage::expired);
  if (severity < dismissal.severity)
    return end(coverage::higher_severity);
  if (!dismissal.victims.contains(key.victim))
    return coverage::new_victim;
  if (now - dismissal.hour >= std::chrono::hours{1}) {
    dismissal.hour = now;
    dismissal.hour_alerts = 0;
  }
  dismissal.hour_alerts += alerts;
  if (dismissal.hour_alerts > rate_floor &&
      static_cast<double>(dismissal.hour_alerts) > 10.0 * dismissal.hourly_rate)
    return end(coverage::tenfold_rate);
  dismissal.matched += alerts;
  return coverage::covered;
}

std::string_view reopening_word(coverage verdict) noexcept {
  switch (verdict) {
  case coverage::higher_severity: return "higher_severity";
  case coverage::new_victim: return "new_victim";
  case coverage::tenfold_rate: return "tenfold_rate";
  case coverage::expired: return "expired";
  case coverage::outside:
  case coverage::covered: break;
  }
  return "";
}

double hourly_rate(std::int64_t alerts, timestamp first, timestamp last) noexcept {
  using hours = std::chrono::duration<double, std::ratio<3600>>;
  return static_cast<double>(alerts) / std::max(1.0, hours{last - first}.count());
}

} // namespace cresset::coord::incident
