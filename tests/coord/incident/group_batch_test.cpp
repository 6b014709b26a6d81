#include "coord/incident/group_batch.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::coord::incident;
using namespace std::chrono_literals;

namespace {

const timestamp t0 = timestamp_from_ns(1'795'305'600'000'000'000);
const auto victim = ip_address::v4(0x0a000001);

alert_facts fact(std::uint32_t attacker, int severity = 3, std::uint32_t sid = 7) {
  alert_facts f;
  f.key.sid = sid;
  f.key.victim = victim;
  f.key.attacker = ip_address::v4(attacker);
  f.severity = severity;
  f.message = "text";
  f.captured = t0;
  f.sensor = {1};
  return f;
}

known_group known(group_state state, timestamp last) {
  known_group g;
  g.id = {5};
  g.generation = 3;
  g.alerts = 10;
  g.last_received = last;
  g.state = state;
  return g;
}

} // namespace

BOOST_AUTO_TEST_SUITE(coord_incident_group_batch)

BOOST_AUTO_TEST_CASE(alerts_of_one_key_are_one_tally) {
  group_batch batch{t0};
  batch.add(fact(1, 3));
  batch.add(fact(2, 3));
  auto third = fact(1, 1);
  third.captured = t0 - 1h;
  third.sensor = {2};
  third.message = "newer";
  batch.add(third);
  batch.settle();
  BOOST_REQUIRE(batch.outcomes().size() == 2U);
  const auto& tally = batch.outcomes()[batch.outcome_of(2)].tally;
  BOOST_TEST(batch.outcome_of(0) == batch.outcome_of(2));
  BOOST_TEST(tally.alerts == 2);
  BOOST_TEST(tally.severity == 1);
  BOOST_TEST(tally.first == 0U);
  BOOST_TEST(tally.last == 2U);
  BOOST_TEST((tally.first_seen == t0 - 1h));
  BOOST_TEST(tally.sensors.size() == 2U);
  BOOST_TEST(tally.samples.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_new_group_is_open_in_its_first_generation) {
  group_batch batch{t0};
  batch.add(fact(1));
  batch.settle();
  BOOST_TEST(batch.outcomes()[0].is_new());
  BOOST_TEST(batch.outcomes()[0].generation() == 1);
  BOOST_TEST((batch.outcomes()[0].state == group_state::open));
}

BOOST_AUTO_TEST_CASE(a_group_that_was_quiet_for_a_day_ends_and_the_next_generation_begins) {
  for (const auto& [quiet, generation] : {std::pair{23h, 3}, std::pair{24h, 4}}) {
    group_batch batch{t0};
    batch.add(fact(1));
    batch.give(fact(1).key, known(group_state::dismissed, t0 - quiet));
    batch.settle();
    BOOST_TEST(batch.outcomes()[0].generation() == generation);
    BOOST_TEST(batch.outcomes()[0].ends_known == (generation == 4));
    BOOST_TEST((batch.outcomes()[0].state == group_state::open));
  }
}

BOOST_AUTO_TEST_CASE(new_alerts_open_what_was_acknowledged_but_not_what_is_in_an_incident) {
  for (const auto before : {group_state::acknowledged, group_state::dismissed}) {
    group_batch batch{t0};
    batch.add(fact(1));
    batch.give(fact(1).key, known(before, t0));
    batch.settle();
    BOOST_TEST((batch.outcomes()[0].state == group_state::open));
    BOOST_TEST(batch.outcomes()[0].reopened == "new_alerts");
  }
  group_batch batch{t0};
  batch.add(fact(1));
  batch.give(fact(1).key, known(group_state::in_incident, t0));
  batch.settle();
  BOOST_TEST((batch.outcomes()[0].state == group_state::in_incident));
  BOOST_TEST(batch.outcomes()[0].reopened == "");
}

BOOST_AUTO_TEST_CASE(a_standing_dismissal_keeps_a_group_dismissed_and_counts) {
  standing_dismissal d;
  d.made_on = fact(1).key;
  d.severity = 3;
  d.hourly_rate = 100;
  d.expires = t0 + 1h;
  d.victims = {victim};
  d.hour = t0;
  group_batch batch{t0};
  batch.add(fact(1));
  batch.give(fact(1).key, known(group_state::dismissed, t0));
  batch.give(d);
  batch.settle();
  BOOST_TEST((batch.outcomes()[0].state == group_state::dismissed));
  BOOST_TEST(batch.outcomes()[0].is_muted);
  BOOST_TEST(batch.dismissals()[0].matched == 1);

  group_batch graver{t0};
  graver.add(fact(1, 1));
  graver.give(fact(1).key, known(group_state::dismissed, t0));
  graver.give(d);
  graver.settle();
  BOOST_TEST((graver.outcomes()[0].state == group_state::open));
  BOOST_TEST(graver.outcomes()[0].reopened == "higher_severity");
}

BOOST_AUTO_TEST_CASE(attackers_above_the_limit_are_grouped_by_prefix_and_then_as_many) {
  group_batch batch{t0};
  constexpr std::uint32_t attackers = 256 + 256 * 256 + 300;
  for (std::uint32_t i = 0; i < attackers; ++i)
    batch.add(fact(0x01000000 + i));
  batch.settle();
  std::array<int, 3> groups{};
  std::int64_t alerts = 0;
  for (const auto& outcome : batch.outcomes()) {
    ++groups[static_cast<std::size_t>(outcome.tally.key.level)];
    alerts += outcome.tally.alerts;
  }
  BOOST_TEST(groups[0] == 256);
  BOOST_TEST(groups[1] == 256);
  BOOST_TEST(groups[2] == 1);
  BOOST_TEST(alerts == attackers);
}

BOOST_AUTO_TEST_CASE(an_address_with_a_live_group_keeps_it_when_the_level_has_risen) {
  group_batch batch{t0};
  batch.add(fact(0x01000001));
  batch.add(fact(0x01000002));
  batch.give(rule_victim::of(fact(1).key), {attacker_level::prefix, 4, t0, false});
  BOOST_TEST(batch.keys_wanted().size() == 4U);
  batch.give(fact(0x01000001).key, known(group_state::open, t0));
  batch.settle();
  BOOST_TEST((batch.outcomes()[batch.outcome_of(0)].tally.key.level == attacker_level::address));
  BOOST_TEST((batch.outcomes()[batch.outcome_of(1)].tally.key.level == attacker_level::prefix));
}

BOOST_AUTO_TEST_CASE(a_spread_that_was_quiet_for_a_day_begins_anew) {
  group_batch batch{t0};
  batch.add(fact(1));
  batch.give(rule_victim::of(fact(1).key), {attacker_level::many, 0, t0 - 24h, false});
  BOOST_TEST(batch.keys_wanted().size() == 1U);
  batch.settle();
  BOOST_TEST((batch.outcomes()[0].tally.key.level == attacker_level::address));
  BOOST_TEST(batch.spreads().begin()->second.attackers == 1);
}

BOOST_AUTO_TEST_SUITE_END()
