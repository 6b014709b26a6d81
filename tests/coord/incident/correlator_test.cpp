#include "coord/incident/correlator.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::coord::incident;
using namespace std::chrono_literals;

namespace {

const timestamp t0 = timestamp_from_ns(1'795'305'600'000'000'000);

correlation_rule rule(std::string id, correlation_subject by) {
  correlation_rule r;
  r.id = std::move(id);
  r.subject = by;
  r.window = 1h;
  r.title = "{message} against {victim} from {attacker}";
  r.because = r.because_ru = "Because";
  return r;
}

correlation_rule severe() {
  auto r = rule("severe", correlation_subject::victim);
  r.severity = 1;
  r.incident_severity = 80;
  return r;
}

/// Feeds changes and keeps what follows.
struct run {
  explicit run(std::vector<correlation_rule> rules) : under_test{std::move(rules)} {}

  group_change change(std::int64_t group, std::uint32_t victim, std::uint32_t attacker,
                      int severity = 1) {
    group_change c;
    c.position = {++position};
    c.group = {group};
    c.key.sid = static_cast<std::uint32_t>(group);
    c.key.victim = ip_address::v4(victim);
    c.key.attacker = ip_address::v4(attacker);
    c.severity = severity;
    c.message = "EXPLOIT";
    c.category = "Web Application Attack";
    c.added = c.alerts = 1;
    c.received = at;
    return c;
  }
  std::vector<correlator_action> take(const group_change& c) {
    std::vector<correlator_action> actions;
    under_test.take(c, actions);
    return actions;
  }

  correlator under_test;
  std::int64_t position = 0;
  timestamp at = t0;
};

const open_incident& opened(const std::vector<correlator_action>& actions) {
  BOOST_REQUIRE(actions.size() == 1U);
  BOOST_REQUIRE(std::holds_alternative<open_incident>(actions[0]));
  return std::get<open_incident>(actions[0]);
}

std::string text_of(const correlator_action& action) {
  if (const auto* made = std::get_if<open_incident>(&action))
    return made->correlation + to_json(made->why);
  const auto& joined = std::get<attach_group>(action);
  return joined.correlation + to_json(joined.why);
}

/// One attacker in every record, every record another victim and group: `changes` of them.
correlator::counters one_attacker_everywhere(correlator& under_test, std::uint32_t changes) {
  run made{{}};
  std::vector<correlator_action> actions;
  for (std::uint32_t i = 1; i <= changes; ++i) {
    made.at += 1ms;
    auto c = made.change(i, i, 20, 2);
    if (i % 3 == 0)
      c.category = "Detection of a Network Scan";
    under_test.take(c, actions);
    actions.clear();
  }
  return under_test.count();
}

std::vector<correlation_rule> all_kinds() {
  auto wide = rule("wide", correlation_subject::attacker);
  wide.victims = 1000;
  auto stages = rule("stages", correlation_subject::victim);
  stages.stages = 3;
  auto burst = rule("burst", correlation_subject::group);
  burst.alerts = 1000;
  return {severe(), wide, stages, burst};
}

} // namespace

BOOST_AUTO_TEST_SUITE(coord_incident_correlator)

BOOST_AUTO_TEST_CASE(a_severe_attack_on_a_victim_opens_an_incident_that_explains_itself) {
  run r{{severe()}};
  BOOST_TEST(r.take(r.change(1, 10, 20, 2)).empty());
  const auto actions = r.take(r.change(2, 0x0a000001, 0xc6336401));
  const auto& incident = opened(actions);
  BOOST_TEST(incident.title == "EXPLOIT against 10.0.0.1 from 198.51.100.1");
  BOOST_TEST(render(incident.why, language::en)
                 .find("Because (severe); rule 1:2 \"EXPLOIT\" (severity 1) on 10.0.0.1 from "
                       "198.51.100.1") == 0U);
  BOOST_TEST(incident.severity == 80);
  BOOST_TEST((incident.classified == rsit{"intrusion-attempts", "exploit"}));
  BOOST_TEST(incident.correlation == "severe|10.0.0.1|real|2");
  BOOST_TEST((incident.groups == std::vector{group_id{2}}));
}

BOOST_AUTO_TEST_CASE(further_groups_of_the_victim_join_once_and_other_victims_do_not) {
  run r{{severe()}};
  const auto first = opened(r.take(r.change(1, 10, 20))).correlation;
  BOOST_TEST(r.take(r.change(1, 10, 20)).empty());
  const auto actions = r.take(r.change(2, 10, 21));
  BOOST_REQUIRE(actions.size() == 1U);
  BOOST_TEST(std::get<attach_group>(actions[0]).correlation == first);
  BOOST_TEST(r.take(r.change(2, 10, 21)).empty());
  BOOST_TEST(opened(r.take(r.change(3, 11, 20))).correlation != first);
}

BOOST_AUTO_TEST_CASE(after_a_quiet_window_the_victim_gets_a_new_incident) {
  run r{{severe()}};
  const auto first = opened(r.take(r.change(1, 10, 20))).correlation;
  r.at += 1h;
  BOOST_TEST(r.take(r.change(2, 10, 20)).size() == 1U);
  r.at += 1h + 1s;
  BOOST_TEST(opened(r.take(r.change(3, 10, 20))).correlation != first);
}

BOOST_AUTO_TEST_CASE(an_exercise_never_joins_a_real_incident) {
  run r{{severe()}};
  opened(r.take(r.change(1, 10, 20)));
  auto exercise = r.change(2, 10, 20);
  exercise.key.exercise = true;
  const auto actions = r.take(exercise);
  BOOST_TEST(opened(actions).exercise);
}

BOOST_AUTO_TEST_CASE(what_is_muted_or_in_an_incident_already_is_left_alone) {
  run r{{severe()}};
  auto muted = r.change(1, 10, 20);
  muted.muted = true;
  BOOST_TEST(r.take(muted).empty());
  auto owned = r.change(2, 10, 20);
  owned.incident = incident_id{5};
  BOOST_TEST(r.take(owned).empty());
}

BOOST_AUTO_TEST_CASE(stages_count_once_each_and_fire_together) {
  auto stages = rule("stages", correlation_subject::victim);
  stages.stages = 2;
  run r{{stages}};
  BOOST_TEST(r.take(r.change(1, 10, 20, 3)).empty());
  BOOST_TEST(r.take(r.change(2, 10, 20, 3)).empty());
  auto scan = r.change(3, 10, 20, 3);
  scan.category = "Detection of a Network Scan";
  const auto actions = r.take(scan);
  BOOST_TEST(opened(actions).groups.size() == 3U);
}

BOOST_AUTO_TEST_CASE(one_attacker_over_victims_and_a_burst_of_alerts_fire_at_their_thresholds) {
  auto wide = rule("wide", correlation_subject::attacker);
  wide.victims = 3;
  run r{{wide}};
  BOOST_TEST(r.take(r.change(1, 10, 20)).empty());
  BOOST_TEST(r.take(r.change(2, 11, 20)).empty());
  BOOST_TEST(r.take(r.change(3, 12, 21)).empty());
  BOOST_TEST(opened(r.take(r.change(4, 12, 20))).groups.size() == 3U);

  auto burst = rule("burst", correlation_subject::group);
  burst.alerts = 100;
  run b{{burst}};
  auto many = b.change(1, 10, 20);
  many.added = 99;
  BOOST_TEST(b.take(many).empty());
  b.at += 2h;
  many = b.change(1, 10, 20);
  many.added = 99;
  BOOST_TEST(b.take(many).empty());
  opened(b.take(b.change(1, 10, 20)));
}

BOOST_AUTO_TEST_CASE(a_second_rule_joins_the_incident_of_the_first_instead_of_making_another) {
  auto stages = rule("stages", correlation_subject::victim);
  stages.stages = 2;
  run r{{severe(), stages}};
  auto scan = r.change(1, 10, 20, 3);
  scan.category = "Detection of a Network Scan";
  BOOST_TEST(r.take(scan).empty());
  const auto actions = r.take(r.change(2, 10, 20));
  BOOST_REQUIRE(actions.size() == 2U);
  const auto& incident = std::get<open_incident>(actions[0]);
  const auto& joined = std::get<attach_group>(actions[1]);
  BOOST_TEST(joined.correlation == incident.correlation);
  BOOST_TEST((joined.group == group_id{1}));
}

BOOST_AUTO_TEST_CASE(the_same_changes_give_the_same_actions_again) {
  auto stages = rule("stages", correlation_subject::victim);
  stages.stages = 2;
  auto wide = rule("wide", correlation_subject::attacker);
  wide.victims = 4;
  std::vector<std::string> said[2];
  for (auto& lines : said) {
    run r{{severe(), stages, wide}};
    std::uint32_t state = 1;
    for (int i = 0; i < 3000; ++i) {
      state = state * 1664525U + 1013904223U;
      r.at += std::chrono::seconds{state >> 24};
      auto c = r.change(1 + (state >> 8) % 97, (state >> 10) % 31, (state >> 16) % 17,
                        1 + static_cast<int>((state >> 5) % 3));
      if (state % 5 == 0)
        c.category = "A Network Trojan was detected";
      for (const auto& action : r.take(c))
        lines.push_back(text_of(action));
    }
  }
  BOOST_TEST(said[0].size() > 100U);
  BOOST_TEST(said[0] == said[1]);
}

BOOST_AUTO_TEST_CASE(an_indicator_in_the_traffic_is_enough_when_it_is_confident_enough) {
  auto known = rule("indicator", correlation_subject::victim);
  known.indicator = 50;
  known.title = "{indicator} at {victim}";
  run r{{known}};
  auto hit = r.change(1, 10, 20, 3);
  BOOST_TEST(r.take(hit).empty());
  hit.indicators = {{{7}, "domain", "evil.example", "west", 49}};
  BOOST_TEST(r.take(hit).empty());
  hit.indicators[0].confidence = 50;
  const auto actions = r.take(hit);
  BOOST_TEST(opened(actions).title == "evil.example at 0.0.0.10");
  BOOST_TEST(render(opened(actions).why, language::ru).find("evil.example — индикатор") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(severity_times_criticality_of_our_own_address_opens_an_incident) {
  auto critical = rule("critical", correlation_subject::victim);
  critical.risk = 60;
  run r{{critical}};
  auto on_school = r.change(1, 11, 20, 1);
  on_school.victim_asset = asset{"school", "education", 20};
  BOOST_TEST(r.take(on_school).empty());
  BOOST_TEST(r.take(r.change(2, 12, 20, 1)).empty());
  auto on_grid = r.change(3, 10, 20, 2);
  on_grid.victim_asset = asset{"grid", "energy", 90};
  const auto actions = r.take(on_grid);
  BOOST_REQUIRE(actions.size() == 1U);
  const auto& made = std::get<open_incident>(actions[0]);
  BOOST_REQUIRE(made.victim);
  BOOST_TEST(made.victim->owner == "grid");
  BOOST_TEST(
      render(made.why, language::en)
          .find("risk 63 of 60 that is enough: severity 2 on an address of criticality 90") !=
      std::string::npos);
}

BOOST_AUTO_TEST_CASE(work_is_linear_when_one_attacker_stands_in_every_record) {
  constexpr std::size_t subjects = 1000;
  constexpr std::size_t members = 5000;
  correlator small{all_kinds(), rsit_map::built_in(), subjects, members};
  correlator large{all_kinds(), rsit_map::built_in(), subjects, members};
  const auto few = one_attacker_everywhere(small, 4000);
  const auto many = one_attacker_everywhere(large, 40'000);
  BOOST_TEST(many.steps <= 11 * few.steps);
  BOOST_TEST(many.steps <= 16U * 40'000);
  BOOST_TEST(many.subjects_evicted > 0U);
  BOOST_TEST(many.groups_left_out > 30'000U);
  BOOST_TEST(large.subjects() <= 4 * subjects);
  BOOST_TEST(large.members() <= 4 * members);
}

BOOST_AUTO_TEST_CASE(state_stays_within_its_limits_and_counts_what_it_forgets) {
  auto wide = rule("wide", correlation_subject::victim);
  wide.stages = 3;
  correlator small{{wide}, rsit_map::built_in(), 10, 30};
  run made{{}};
  std::vector<correlator_action> actions;
  for (std::uint32_t i = 1; i <= 1000; ++i) {
    small.take(made.change(i, i % 50, 20), actions);
    BOOST_TEST(small.subjects() <= 10U);
    BOOST_TEST(small.members() <= 30U);
  }
  BOOST_TEST(actions.empty());
  BOOST_TEST(small.count().subjects_evicted > 900U);
}

BOOST_AUTO_TEST_CASE(an_incident_collects_no_more_than_its_limit_of_groups) {
  run r{{severe()}};
  std::size_t joined = 0;
  for (std::int64_t i = 1; i <= 1100; ++i)
    joined += r.take(r.change(i, 10, 20)).size();
  BOOST_TEST(joined == correlator::groups_limit);
  BOOST_TEST(r.under_test.count().groups_left_out == 100U);
}

BOOST_AUTO_TEST_CASE(who_counted_on_an_incident_that_the_store_has_not_begins_anew) {
  run r{{severe()}};
  const auto first = opened(r.take(r.change(1, 10, 20))).correlation;
  r.under_test.disown(first);
  BOOST_TEST(opened(r.take(r.change(2, 10, 20))).correlation != first);
  BOOST_TEST(r.under_test.members() == 1U);
}

BOOST_AUTO_TEST_CASE(a_restart_in_the_middle_gives_the_same_incidents) {
  auto stages = rule("stages", correlation_subject::victim);
  stages.stages = 2;
  const auto changes = [] {
    run made{{}};
    std::vector<group_change> all;
    std::uint32_t state = 7;
    for (int i = 0; i < 2000; ++i) {
      state = state * 1664525U + 1013904223U;
      made.at += std::chrono::seconds{state >> 26};
      all.push_back(made.change(1 + (state >> 8) % 97, (state >> 10) % 31, (state >> 16) % 17,
                                1 + static_cast<int>((state >> 5) % 3)));
      if (state % 3 == 0)
        all.back().category = "Detection of a Network Scan";
    }
    return all;
  }();
  const auto lines = [](const std::vector<correlator_action>& actions) {
    std::vector<std::string> all;
    for (const auto& action : actions)
      all.push_back(text_of(action));
    return all;
  };
  std::vector<correlator_action> whole;
  correlator never_stopped{{severe(), stages}};
  for (const auto& c : changes)
    never_stopped.take(c, whole);
  std::vector<correlator_action> parts;
  correlator before{{severe(), stages}};
  for (std::size_t i = 0; i < 1000; ++i)
    before.take(changes[i], parts);
  correlator after{{severe(), stages}};
  std::vector<correlator_action> known;
  for (std::size_t i = 0; i < 1000; ++i)
    after.take(changes[i], known);
  for (std::size_t i = 1000; i < changes.size(); ++i)
    after.take(changes[i], parts);
  BOOST_TEST(whole.size() > 20U);
  BOOST_TEST(lines(whole) == lines(parts), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
