// Which group an alert belongs to depends on how many attackers its rule and victim have had:
//
//   an address with a live group of its own      keeps it
//   else the spread's level decides              address → a new group, and one attacker more
//                                                prefix  → the prefix's group (new: one prefix
//                                                more) many    → the one group of all the rest
//   a count above `attacker_limit`               raises the level, and counting begins again
//
// so that a flood from a million addresses makes 256 + 256 + 1 groups and no more, while those that
// were there stay apart.
#include "coord/incident/group_batch.hpp"

#include <algorithm>

namespace cresset::coord::incident {
namespace {

group_place place_of(const alert_facts& alert) {
  const auto& victim = alert.victim_place;
  return {std::string{victim.owner}, std::string{victim.sector}, victim.criticality,
          std::string{victim.country}, std::string{alert.attacker_place.country}};
}

} // namespace

group_key widened(const group_key& key, attacker_level level) noexcept {
  auto wide = key;
  wide.level = level;
  if (level == attacker_level::prefix)
    wide.attacker = key.attacker.prefix(key.attacker.is_v4() ? attacker_prefix_v4_bits
                                                             : attacker_prefix_v6_bits);
  else if (level == attacker_level::many)
    wide.attacker = ip_address{};
  return wide;
}

void group_tally::add(const group_tally& other) {
  if (alerts == 0) {
    *this = other;
    return;
  }
  alerts += other.alerts;
  severity = std::min(severity, other.severity);
  first_seen = std::min(first_seen, other.first_seen);
  last_seen = std::max(last_seen, other.last_seen);
  first = std::min(first, other.first);
  if (other.last > last) {
    last = other.last;
    revision = other.revision;
    message = other.message;
    category = other.category;
    const auto country = place.attacker_country;
    place = other.place;
    // A tally of several attackers names the country that all of them share.
    if (country != place.attacker_country)
      place.attacker_country.clear();
  } else if (place.attacker_country != other.place.attacker_country) {
    place.attacker_country.clear();
  }
  samples.insert(samples.end(), other.samples.begin(), other.samples.end());
  std::ranges::sort(samples);
  samples.resize(std::min(samples.size(), sample_limit));
  recent.insert(recent.end(), other.recent.begin(), other.recent.end());
  std::ranges::sort(recent);
  if (recent.size() > recent_limit)
    recent.erase(recent.begin(), recent.end() - recent_limit);
  if (std::pair{other.telling_score, -static_cast<std::ptrdiff_t>(other.telling)} >
      std::pair{telling_score, -static_cast<std::ptrdiff_t>(telling)}) {
    telling_score = other.telling_score;
    telling = other.telling;
  }
  for (const auto sensor : other.sensors)
    if (sensors.size() < group_sensors_limit && std::ranges::find(sensors, sensor) == sensors.end())
      sensors.push_back(sensor);
}

void group_batch::add(const alert_facts& alert) {
  const auto number = tally_of_.size();
  const auto [at, is_new] = tally_by_key_.try_emplace(alert.key, tallies_.size());
  tally_of_.push_back(at->second);
  if (is_new) {
    tallies_.push_back({alert.key,
                        1,
                        alert.severity,
                        alert.revision,
                        std::string{alert.message},
                        std::string{alert.category},
                        alert.captured,
                        alert.captured,
                        number,
                        number,
                        {number},
                        {number},
                        number,
                        alert.telling,
                        {alert.sensor},
                        place_of(alert)});
    ++addresses_[rule_victim::of(alert.key)];
    return;
  }
  auto& tally = tallies_[at->second];
  ++tally.alerts;
  tally.severity = std::min(tally.severity, alert.severity);
  tally.first_seen = std::min(tally.first_seen, alert.captured);
  tally.last_seen = std::max(tally.last_seen, alert.captured);
  tally.last = number;
  if (tally.samples.size() < sample_limit)
    tally.samples.push_back(number);
  if (tally.recent.size() == recent_limit)
    tally.recent.erase(tally.recent.begin());
  tally.recent.push_back(number);
  if (alert.telling > tally.telling_score) {
    tally.telling_score = alert.telling;
    tally.telling = number;
  }
  if (tally.sensors.size() < group_sensors_limit &&
      std::ranges::find(tally.sensors, alert.sensor) == tally.sensors.end())
    tally.sensors.push_back(alert.sensor);
}

std::vector<rule_victim> group_batch::spreads_wanted() const {
  std::vector<rule_victim> wanted;
  for (const auto& [of, count] : addresses_)
    wanted.push_back(of);
  return wanted;
}

void group_batch::give(const rule_victim& of, attacker_spread spread) {
  if (is_quiet(spread.last_received))
    spread = {};
  spreads_[of] = spread;
}

bool group_batch::may_collapse(const rule_victim& of) const {
  const auto found = spreads_.find(of);
  const auto spread = found == spreads_.end() ? attacker_spread{} : found->second;
  return spread.level != attacker_level::address ||
         spread.attackers + addresses_.at(of) > attacker_limit;
}

std::vector<group_key> group_batch::keys_wanted() const {
  std::vector<group_key> wanted;
  for (const auto& tally : tallies_) {
    wanted.push_back(tally.key);
    if (!may_collapse(rule_victim::of(tally.key)))
      continue;
    wanted.push_back(widened(tally.key, attacker_level::prefix));
    wanted.push_back(widened(tally.key, attacker_level::many));
  }
  std::ranges::sort(wanted);
  wanted.erase(std::ranges::unique(wanted).begin(), wanted.end());
  return wanted;
}

void group_batch::give(const group_key& key, known_group group) {
  known_[key] = std::move(group);
}

void group_batch::give(standing_dismissal dismissal) {
  dismissals_.push_back(std::move(dismissal));
}

/// The key of the group that alerts with this address belong to; counts a new attacker.
group_key group_batch::place(const group_key& address_key) {
  const auto lives = [&](const group_key& key) {
    const auto found = known_.find(key);
    return found != known_.end() && !is_quiet(found->second.last_received);
  };
  if (lives(address_key))
    return address_key;
  auto& spread = spreads_[rule_victim::of(address_key)];
  spread.last_received = received_;
  spread.changed = true;
  while (spread.level != attacker_level::many) {
    const auto key = widened(address_key, spread.level);
    if (placed_.contains(key) || lives(key))
      return key;
    if (spread.attackers < attacker_limit) {
      ++spread.attackers;
      return key;
    }
    spread.level =
        spread.level == attacker_level::address ? attacker_level::prefix : attacker_level::many;
    spread.attackers = 0;
  }
  return widened(address_key, attacker_level::many);
}

void group_batch::settle() {
  outcomes_.reserve(tallies_.size());
  for (const auto& tally : tallies_) {
    const auto key = place(tally.key);
    const auto [at, is_new] = placed_.try_emplace(key, outcomes_.size());
    if (is_new) {
      outcomes_.emplace_back();
      outcomes_.back().tally.key = key;
    }
    auto& total = outcomes_[at->second].tally;
    total.add(tally);
    total.key = key;
    outcome_of_tally_.push_back(at->second);
  }
  for (auto& outcome : outcomes_)
    decide(outcome);
}

void group_batch::decide(group_outcome& outcome) {
  const auto& tally = outcome.tally;
  if (const auto found = known_.find(tally.key); found != known_.end()) {
    outcome.known = found->second;
    outcome.ends_known = is_quiet(found->second.last_received);
  }
  coverage verdict = coverage::outside;
  for (auto& dismissal : dismissals_) {
    const auto said = weigh(dismissal, tally.key, tally.severity, tally.alerts, received_);
    if (verdict == coverage::outside || said == coverage::covered)
      verdict = said;
    if (said == coverage::covered)
      break;
  }
  outcome.is_muted = verdict == coverage::covered;
  if (outcome.is_new()) {
    outcome.state = outcome.is_muted ? group_state::dismissed : group_state::open;
    outcome.reopened = reopening_word(verdict);
    return;
  }
  outcome.state = outcome.known->state;
  if (outcome.is_muted || outcome.state == group_state::open ||
      outcome.state == group_state::in_incident)
    return;
  outcome.state = group_state::open;
  outcome.reopened = verdict == coverage::outside ? "new_alerts" : reopening_word(verdict);
}

} // namespace cresset::coord::incident
