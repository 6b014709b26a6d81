// The database side of a batch of groups. All statements take whole arrays (`unnest`), so that a
// batch costs the same number of round trips whether it touches one group or a thousand. The joins
// are LATERAL with a LIMIT, which leaves the planner no way but one index look-up a key, whatever
// the statistics say.
#include "coord/store/group_rows.hpp"

#include "coord/store/sql_text.hpp"

#include <algorithm>

namespace cresset::coord::store {
using namespace incident;
namespace {

/// Arrays for the seven columns of a key.
struct key_arrays {
  array_text gid, sid, victim, attacker, level, direction, exercise;

  void add(const group_key& key) {
    gid.add(std::int64_t{key.gid});
    sid.add(std::int64_t{key.sid});
    victim.add(key.victim);
    attacker.add(key.attacker);
    level.add(static_cast<std::int64_t>(key.level));
    direction.add(std::int64_t{direction_code(key.direction, key.way)});
    exercise.add(key.exercise);
  }
};

group_key key_of(const rule_victim& of) {
  group_key key;
  key.gid = of.gid;
  key.sid = of.sid;
  key.victim = of.victim;
  key.direction = of.direction;
  key.way = of.way;
  key.exercise = of.exercise;
  return key;
}

void read_spreads(pqxx::work& t, group_batch& batch) {
  const auto wanted = batch.spreads_wanted();
  key_arrays keys;
  for (const auto& of : wanted)
    keys.add(key_of(of));
  const auto found = t.exec_prepared("read_spreads", keys.gid.str(), keys.sid.str(),
                                     keys.victim.str(), keys.direction.str(), keys.exercise.str());
  for (const auto& row : found) {
    attacker_spread spread;
    spread.level = static_cast<attacker_level>(row[1].as<int>());
    spread.attackers = row[2].as<int>();
    spread.last_received = time_of(row[3]);
    batch.give(wanted[row[0].as<std::size_t>() - 1], spread);
  }
}

void read_live_groups(pqxx::work& t, group_batch& batch) {
  const auto wanted = batch.keys_wanted();
  key_arrays keys;
  for (const auto& key : wanted)
    keys.add(key);
  const auto found = t.exec_prepared("read_live_groups", keys.gid.str(), keys.sid.str(),
                                     keys.victim.str(), keys.attacker.str(), keys.level.str(),
                                     keys.direction.str(), keys.exercise.str());
  for (const auto& row : found) {
    known_group group;
    group.id = {row[1].as<std::int64_t>()};
    group.generation = row[2].as<int>();
    group.severity = row[3].as<int>();
    group.alerts = row[4].as<std::int64_t>();
    group.first_seen = capture_time_of(row[5]);
    group.last_seen = capture_time_of(row[6]);
    group.last_received = time_of(row[7]);
    group.state = static_cast<group_state>(row[8].as<int>());
    group.incident = id_of<incident_id>(row[9]);
    group.samples = row[10].as<std::size_t>();
    batch.give(wanted[row[0].as<std::size_t>() - 1], group);
  }
}

void read_dismissals(pqxx::work& t, group_batch& batch) {
  array_text gid;
  array_text sid;
  array_text victim;
  for (const auto& of : batch.spreads_wanted()) {
    gid.add(std::int64_t{of.gid});
    sid.add(std::int64_t{of.sid});
    victim.add(of.victim);
  }
  const auto found = t.exec_prepared("read_dismissals", gid.str(), sid.str(), victim.str());
  for (const auto& row : found) {
    standing_dismissal dismissal;
    dismissal.decision = {row[0].as<std::int64_t>()};
    dismissal.scope = static_cast<dismissal_scope>(row[1].as<int>());
    dismissal.severity = row[2].as<int>();
    dismissal.hourly_rate = row[3].as<double>();
    dismissal.expires = time_of(row[4]);
    dismissal.matched = row[5].as<std::int64_t>();
    dismissal.hour = time_of(row[6]);
    dismissal.hour_alerts = row[7].as<std::int64_t>();
    for (const auto& text : texts_of(row[8]))
      if (const auto address = ip_address::parse(text))
        dismissal.victims.insert(*address);
    dismissal.made_on = store::key_of(row, 9);
    batch.give(std::move(dismissal));
  }
}

/// What UPDATE and INSERT both write of an outcome.
struct outcome_arrays {
  array_text id, severity, revision, message, category, alerts, muted, first_alert, last_alert,
      first_seen, last_seen, samples, sensors, state, reopened, owner, sector, criticality,
      victim_country, attacker_country, recent, telling, telling_score;

  void add(const group_outcome& outcome, std::int64_t group, std::int64_t first_position) {
    const auto& tally = outcome.tally;
    const auto position = [&](std::size_t number) {
      return first_position + static_cast<std::int64_t>(number);
    };
    id.add(group);
    severity.add(std::int64_t{tally.severity});
    revision.add(tally.revision);
    message.add(std::string_view{tally.message});
    category.add(std::string_view{tally.category});
    alerts.add(tally.alerts);
    muted.add(outcome.is_muted ? tally.alerts : std::int64_t{0});
    first_alert.add(position(tally.first));
    last_alert.add(position(tally.last));
    first_seen.add(to_ns(tally.first_seen));
    last_seen.add(to_ns(tally.last_seen));
    array_text sampled;
    const auto held = outcome.is_new() ? 0 : outcome.known->samples;
    for (std::size_t i = 0; i < tally.samples.size() && held + i < sample_limit; ++i)
      sampled.add(position(tally.samples[i]));
    samples.add(std::string_view{sampled.str()});
    array_text seen_by;
    for (const auto sensor : tally.sensors)
      seen_by.add(sensor.value);
    sensors.add(std::string_view{seen_by.str()});
    state.add(static_cast<std::int64_t>(outcome.state));
    reopened.add(std::string_view{outcome.reopened});
    owner.add(std::string_view{tally.place.owner});
    sector.add(std::string_view{tally.place.sector});
    criticality.add(std::int64_t{tally.place.criticality});
    victim_country.add(std::string_view{tally.place.victim_country});
    attacker_country.add(std::string_view{tally.place.attacker_country});
    array_text last_ones;
    for (const auto number : tally.recent)
      last_ones.add(position(number));
    recent.add(std::string_view{last_ones.str()});
    telling.add(position(tally.telling));
    telling_score.add(std::int64_t{tally.telling_score});
  }
};

std::vector<std::int64_t> take_ids(pqxx::work& t, std::int64_t count) {
  std::vector<std::int64_t> ids;
  if (count == 0)
    return ids;
  for (const auto& row : t.exec_prepared("take_group_ids", count))
    ids.push_back(row[0].as<std::int64_t>());
  return ids;
}

void write_spreads(pqxx::work& t, const group_batch& batch, const std::string& received) {
  key_arrays keys;
  array_text level;
  array_text attackers;
  bool any = false;
  for (const auto& [of, spread] : batch.spreads()) {
    if (!spread.changed)
      continue;
    any = true;
    keys.add(key_of(of));
    level.add(static_cast<std::int64_t>(spread.level));
    attackers.add(std::int64_t{spread.attackers});
  }
  if (any)
    t.exec_prepared("write_spreads", keys.gid.str(), keys.sid.str(), keys.victim.str(),
                    keys.direction.str(), keys.exercise.str(), level.str(), attackers.str(),
                    received);
}

void write_dismissals(pqxx::work& t, const group_batch& batch) {
  array_text decision;
  array_text matched;
  array_text hour;
  array_text hour_alerts;
  array_text active;
  array_text ended;
  for (const auto& d : batch.dismissals()) {
    decision.add(d.decision.value);
    matched.add(d.matched);
    hour.add(std::string_view{sql_time(d.hour)});
    hour_alerts.add(d.hour_alerts);
    active.add(d.active);
    ended.add(std::string_view{d.ended});
  }
  if (!batch.dismissals().empty())
    t.exec_prepared("write_dismissals", decision.str(), matched.str(), hour.str(),
                    hour_alerts.str(), active.str(), ended.str());
}

void write_changes(pqxx::work& t, const group_batch& batch, const std::vector<std::int64_t>& ids,
                   const batch_positions& where) {
  array_text group, is_new, severity, added, alerts, last_alert, first_seen, last_seen, muted,
      incident;
  for (std::size_t i = 0; i < batch.outcomes().size(); ++i) {
    const auto& outcome = batch.outcomes()[i];
    const auto& tally = outcome.tally;
    const auto known = outcome.is_new() ? known_group{} : *outcome.known;
    group.add(ids[i]);
    is_new.add(outcome.is_new());
    severity.add(
        std::int64_t{outcome.is_new() ? tally.severity : std::min(known.severity, tally.severity)});
    added.add(tally.alerts);
    alerts.add(known.alerts + tally.alerts);
    last_alert.add(where.first + static_cast<std::int64_t>(tally.last));
    first_seen.add(
        to_ns(outcome.is_new() ? tally.first_seen : std::min(known.first_seen, tally.first_seen)));
    last_seen.add(
        to_ns(outcome.is_new() ? tally.last_seen : std::max(known.last_seen, tally.last_seen)));
    muted.add(outcome.is_muted);
    incident.add(known.incident ? known.incident->value : std::int64_t{0});
  }
  t.exec_prepared("write_changes", group.str(), is_new.str(), severity.str(), added.str(),
                  alerts.str(), last_alert.str(), first_seen.str(), last_seen.str(), muted.str(),
                  incident.str(), where.received,
                  static_cast<std::int64_t>(batch.outcomes().size()));
}

} // namespace

void read_into(pqxx::work& t, group_batch& batch) {
  read_spreads(t, batch);
  read_live_groups(t, batch);
  read_dismissals(t, batch);
}

std::vector<std::int64_t> write_groups(pqxx::work& t, const group_batch& batch,
                                       const batch_positions& where) {
  const auto& outcomes = batch.outcomes();
  const auto fresh = take_ids(t, std::ranges::count_if(outcomes, &group_outcome::is_new));
  std::vector<std::int64_t> ids;
  outcome_arrays updated;
  outcome_arrays inserted;
  key_arrays keys;
  array_text generation;
  array_text ended;
  std::size_t taken = 0;
  for (const auto& outcome : outcomes) {
    if (outcome.ends_known)
      ended.add(outcome.known->id.value);
    if (!outcome.is_new()) {
      ids.push_back(outcome.known->id.value);
      updated.add(outcome, ids.back(), where.first);
      continue;
    }
    ids.push_back(fresh[taken++]);
    inserted.add(outcome, ids.back(), where.first);
    keys.add(outcome.tally.key);
    generation.add(std::int64_t{outcome.generation()});
  }
  if (ended.str() != "{}")
    t.exec_prepared("end_generations", ended.str());
  if (taken < ids.size())
    t.exec_prepared(
        "update_groups", updated.id.str(), updated.severity.str(), updated.revision.str(),
        updated.message.str(), updated.category.str(), updated.alerts.str(), updated.muted.str(),
        updated.last_alert.str(), updated.first_seen.str(), updated.last_seen.str(),
        updated.samples.str(), updated.sensors.str(), updated.state.str(), updated.reopened.str(),
        where.received, updated.owner.str(), updated.sector.str(), updated.criticality.str(),
        updated.victim_country.str(), updated.attacker_country.str(), updated.recent.str(),
        updated.telling.str(), updated.telling_score.str());
  if (taken > 0)
    t.exec_prepared("insert_groups", inserted.id.str(), inserted.severity.str(),
                    inserted.revision.str(), inserted.message.str(), inserted.category.str(),
                    inserted.alerts.str(), inserted.muted.str(), inserted.first_alert.str(),
                    inserted.last_alert.str(), inserted.first_seen.str(), inserted.last_seen.str(),
                    inserted.samples.str(), inserted.sensors.str(), inserted.state.str(),
                    inserted.reopened.str(), where.received, keys.gid.str(), keys.sid.str(),
                    keys.victim.str(), keys.attacker.str(), keys.level.str(), keys.direction.str(),
                    keys.exercise.str(), generation.str(), inserted.owner.str(),
                    inserted.sector.str(), inserted.criticality.str(),
                    inserted.victim_country.str(), inserted.attacker_country.str(),
                    inserted.recent.str(), inserted.telling.str(), inserted.telling_score.str());
  write_spreads(t, batch, where.received);
  write_dismissals(t, batch);
  write_changes(t, batch, ids, where);
  return ids;
}

const char* const group_columns =
    "g.id, g.gid, g.sid, g.victim, g.attacker, g.attacker_level, g.direction, g.exercise, "
    "g.generation, g.live, "
    "g.severity, g.revision, g.message, g.category, g.alerts, g.first_alert, g.last_alert, "
    "g.first_seen_ns, "
    "g.last_seen_ns, micros(g.last_received), "
    "ARRAY(SELECT DISTINCT p FROM unnest(g.samples || g.telling || g.recent) p WHERE p > 0 ORDER "
    "BY p), "
    "ARRAY(SELECT s.name FROM sensor s WHERE s.id = ANY (g.sensors) ORDER BY s.name), "
    "g.state, g.handled, g.reopened, g.incident, "
    "g.owner, g.sector, g.criticality, g.victim_country, g.attacker_country, g.telling ";

group_key key_of(const pqxx::row& row, int first_column) {
  const auto column = [&](int n) { return row[first_column + n]; };
  group_key key;
  key.gid = column(0).as<std::uint32_t>();
  key.sid = column(1).as<std::uint32_t>();
  key.victim = address_of(column(2));
  key.attacker = address_of(column(3));
  key.level = static_cast<attacker_level>(column(4).as<int>());
  const int code = column(5).as<int>();
  key.direction = static_cast<group_direction>(code & 1);
  key.way = static_cast<traffic>(code >> 1);
  key.exercise = column(6).as<bool>();
  return key;
}

int direction_code(group_direction direction, traffic way) noexcept {
  return static_cast<int>(direction) + 2 * static_cast<int>(way);
}

group_place place_of(const pqxx::row& row, int first_column) {
  const auto column = [&](int n) { return row[first_column + n]; };
  return {column(0).c_str(), column(1).c_str(), column(2).as<int>(), column(3).c_str(),
          column(4).c_str()};
}

alert_group group_of(const pqxx::row& row) {
  alert_group group;
  group.id = {row[0].as<std::int64_t>()};
  group.key = key_of(row, 1);
  group.generation = row[8].as<int>();
  group.live = row[9].as<bool>();
  group.severity = row[10].as<int>();
  group.revision = row[11].as<int>();
  group.message = row[12].c_str();
  group.category = row[13].c_str();
  group.alerts = row[14].as<std::int64_t>();
  group.first_alert = {row[15].as<std::int64_t>()};
  group.last_alert = {row[16].as<std::int64_t>()};
  group.first_seen = capture_time_of(row[17]);
  group.last_seen = capture_time_of(row[18]);
  group.last_received = time_of(row[19]);
  for (const auto position : numbers_of(row[20]))
    group.samples.push_back({position});
  group.sensors = texts_of(row[21]);
  group.state = static_cast<group_state>(row[22].as<int>());
  group.handled = {row[23].as<std::int64_t>()};
  group.reopened = row[24].c_str();
  group.incident = id_of<incident_id>(row[25]);
  group.place = place_of(row, 26);
  group.most_telling = {row[31].as<std::int64_t>()};
  return group;
}

} // namespace cresset::coord::store
