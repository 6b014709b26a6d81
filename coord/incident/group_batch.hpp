#pragma once

#include "coord/incident/dismissal.hpp"
#include "coord/incident/group_change.hpp"

#include <map>
#include <string>
#include <vector>

namespace cresset::coord::incident {

/// What a group takes from one alert.
struct alert_facts {
  /// At level `address`.
  group_key key;
  int severity = 3;
  std::int64_t revision = 0;
  std::string_view message;
  std::string_view category;
  timestamp captured;
  sensor_number sensor;
  address_place victim_place;
  address_place attacker_place;
  /// How much an analyst learns from this alert: of two the greater is the better sample.
  int telling = 0;
};

/// A rule on a victim: what attackers are counted for.
struct rule_victim {
  std::uint32_t gid = 1;
  std::uint32_t sid = 0;
  ip_address victim;
  group_direction direction = group_direction::to_victim;
  traffic way = traffic::unknown;
  bool exercise = false;

  static rule_victim of(const group_key& key) noexcept {
    return {key.gid, key.sid, key.victim, key.direction, key.way, key.exercise};
  }
  friend constexpr auto operator<=>(const rule_victim&, const rule_victim&) noexcept = default;
};

/// How many attackers a rule and victim have, at the level that holds for new groups.
struct attacker_spread {
  attacker_level level = attacker_level::address;
  int attackers = 0;
  timestamp last_received;
  bool changed = false;
};

/// What the batch must know of a live group that exists.
struct known_group {
  group_id id;
  int generation = 1;
  int severity = 3;
  std::int64_t alerts = 0;
  timestamp first_seen;
  timestamp last_seen;
  timestamp last_received;
  group_state state = group_state::open;
  std::optional<incident_id> incident;
  std::size_t samples = 0;
};

/// The alerts of a batch for one group.
struct group_tally {
  group_key key;
  std::int64_t alerts = 0;
  int severity = 255;
  std::int64_t revision = 0;
  std::string message;
  std::string category;
  timestamp first_seen;
  timestamp last_seen;
  /// Numbers of alerts within the batch, from 0.
  std::size_t first = 0;
  std::size_t last = 0;
  std::vector<std::size_t> samples;
  std::vector<std::size_t> recent;
  std::size_t telling = 0;
  int telling_score = -1;
  std::vector<sensor_number> sensors;
  group_place place;

  void add(const group_tally& other);
};

/// What becomes of one group: a row to update (`known` is there and lives on) or to insert.
struct group_outcome {
  group_tally tally;
  std::optional<known_group> known;
  /// `known` was quiet for too long: it ends, and this begins the next generation.
  bool ends_known = false;
  bool is_muted = false;
  group_state state = group_state::open;
  std::string reopened;

  bool is_new() const noexcept { return !known || ends_known; }
  int generation() const noexcept { return !known ? 1 : known->generation + (ends_known ? 1 : 0); }
};

/// Turns a batch of alerts into what happens to groups: all arithmetic and no database. Use: `add`
/// each alert; read `spreads_wanted`, give them; read `keys_wanted`, give the groups and
/// dismissals; `settle`. The state given must be locked until the outcome is written.
class group_batch {
public:
  explicit group_batch(timestamp received) : received_{received} {}

  /// Alerts are numbered from 0 in the order of the calls.
  void add(const alert_facts& alert);

  std::vector<rule_victim> spreads_wanted() const;
  void give(const rule_victim& of, attacker_spread spread);
  /// All keys a group of which may be needed. Read after the spreads were given.
  std::vector<group_key> keys_wanted() const;
  void give(const group_key& key, known_group group);
  void give(standing_dismissal dismissal);

  void settle();

  /// Behind `settle`: the outcomes, each alert's outcome by its number, spreads and dismissals with
  /// their new counts.
  const std::vector<group_outcome>& outcomes() const noexcept { return outcomes_; }
  std::size_t outcome_of(std::size_t alert) const noexcept {
    return outcome_of_tally_[tally_of_[alert]];
  }
  const std::map<rule_victim, attacker_spread>& spreads() const noexcept { return spreads_; }
  const std::vector<standing_dismissal>& dismissals() const noexcept { return dismissals_; }

private:
  bool is_quiet(timestamp last) const noexcept { return received_ - last >= generation_quiet; }
  bool may_collapse(const rule_victim& of) const;
  group_key place(const group_key& address_key);
  void decide(group_outcome& outcome);

  timestamp received_;
  std::vector<group_tally> tallies_; // at level address
  std::vector<std::size_t> tally_of_;
  std::map<group_key, std::size_t> tally_by_key_;
  std::map<rule_victim, int> addresses_; // of this batch
  std::map<rule_victim, attacker_spread> spreads_;
  std::map<group_key, known_group> known_;
  std::vector<standing_dismissal> dismissals_;
  std::vector<group_outcome> outcomes_;
  std::map<group_key, std::size_t> placed_;
  std::vector<std::size_t> outcome_of_tally_;
};

/// The key with its attacker widened to the level.
group_key widened(const group_key& key, attacker_level level) noexcept;

} // namespace cresset::coord::incident
