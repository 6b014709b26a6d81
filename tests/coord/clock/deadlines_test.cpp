#include "coord/clock/deadlines.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::coord::clock;
using namespace std::chrono_literals;

namespace {

const timestamp noon = timestamp_from_ns(1'700'000'000'000'000'000);

deadline_table two_regimes() {
  auto table = parse_deadline_table(R"(
regimes:
  - id: all
    title: All
    deadlines:
      - {clock: acknowledged, from: aware, within: 30m, warn: 10m}
      - {clock: owner_notified, from: acknowledged, within: 2h}
  - id: grave
    title: Grave in energy
    severity_from: 70
    sectors: [energy]
    classes: [intrusions]
    deadlines:
      - {clock: contained, from: detected, within: 72h}
)",
                                    "t");
  BOOST_REQUIRE(table);
  return *table;
}

} // namespace

BOOST_AUTO_TEST_SUITE(coord_clock_deadlines)

BOOST_AUTO_TEST_CASE(a_regime_speaks_of_incidents_of_its_severity_sector_and_class) {
  const auto table = two_regimes();
  const auto& grave = table.regimes[1];
  BOOST_TEST(speaks_of(grave, {70, "energy", "intrusions", false}));
  BOOST_TEST(!speaks_of(grave, {69, "energy", "intrusions", false}));
  BOOST_TEST(!speaks_of(grave, {70, "health", "intrusions", false}));
  BOOST_TEST(!speaks_of(grave, {70, "energy", "fraud", false}));
  BOOST_TEST(speaks_of(table.regimes[0], {0, "", "other", false}));
}

BOOST_AUTO_TEST_CASE(a_deadline_begins_when_the_clock_it_counts_from_stops) {
  clock_times times;
  times[clock_kind::aware] = noon;
  const clock_subject small{10, "", "other", false};
  auto all = deadlines_of(two_regimes(), small, times);
  BOOST_REQUIRE(all.size() == 1U);
  BOOST_TEST((all[0].due == noon + 30min));
  BOOST_TEST((*all[0].warn == noon + 20min));
  times[clock_kind::acknowledged] = noon + 5min;
  all = deadlines_of(two_regimes(), small, times);
  BOOST_REQUIRE(all.size() == 2U);
  BOOST_TEST((all[0].met == noon + 5min));
  BOOST_TEST((all[1].due == noon + 125min));
  BOOST_TEST(!all[1].warn.has_value());
}

BOOST_AUTO_TEST_CASE(it_runs_is_warned_of_missed_and_met_in_time_or_late) {
  deadline one{"r", clock_kind::acknowledged, clock_kind::aware, noon, noon - 10min, {}};
  BOOST_TEST(to_string(state_of(one, noon - 11min)) == "running");
  BOOST_TEST(to_string(state_of(one, noon - 10min)) == "warned");
  BOOST_TEST(to_string(state_of(one, noon)) == "missed");
  one.met = noon;
  BOOST_TEST(to_string(state_of(one, noon + 1h)) == "met");
  one.met = noon + 1s;
  BOOST_TEST(to_string(state_of(one, noon + 1h)) == "late");
}

BOOST_AUTO_TEST_SUITE_END()
