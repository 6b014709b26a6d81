#include "coord/clock/journal_line.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::coord::clock;
using namespace std::chrono_literals;

namespace {

const timestamp noon = timestamp_from_ns(1'700'000'000'000'000'000);

journal_line line(std::string kind, timestamp at, std::string to = "") {
  journal_line one;
  one.kind = std::move(kind);
  one.at = at;
  one.to = std::move(to);
  return one;
}

} // namespace

BOOST_AUTO_TEST_SUITE(coord_clock_journal_line)

BOOST_AUTO_TEST_CASE(the_correlator_makes_us_aware_a_person_acknowledges_as_well) {
  clock_times times;
  apply(line("incident_opened", noon), times);
  BOOST_TEST((times[clock_kind::aware] == noon));
  BOOST_TEST(!times[clock_kind::acknowledged].has_value());
  auto by_ann = line("incident_opened", noon);
  by_ann.by_person = true;
  times = {};
  apply(by_ann, times);
  BOOST_TEST((times[clock_kind::acknowledged] == noon));
}

BOOST_AUTO_TEST_CASE(states_stop_clocks_once) {
  clock_times times;
  apply(line("incident_state", noon, "triaged"), times);
  apply(line("incident_state", noon + 1h, "in_progress"), times);
  BOOST_TEST((times[clock_kind::acknowledged] == noon));
  apply(line("incident_state", noon + 2h, "contained"), times);
  apply(line("incident_state", noon + 3h, "recovered"), times);
  BOOST_TEST((times[clock_kind::contained] == noon + 2h));
  apply(line("incident_state", noon + 4h, "closed"), times);
  BOOST_TEST((times[clock_kind::closed] == noon + 4h));
}

BOOST_AUTO_TEST_CASE(reopening_lets_containment_and_closing_run_again) {
  clock_times times;
  apply(line("incident_state", noon, "closed"), times);
  BOOST_TEST((times[clock_kind::contained] == noon));
  apply(line("incident_state", noon + 1h, "in_progress"), times);
  BOOST_TEST(!times[clock_kind::contained].has_value());
  BOOST_TEST(!times[clock_kind::closed].has_value());
  BOOST_TEST((times[clock_kind::acknowledged] == noon));
}

BOOST_AUTO_TEST_CASE(an_owner_and_a_release_stop_theirs_and_any_entry_may_name_a_clock) {
  clock_times times;
  auto changed = line("incident_changed", noon);
  apply(changed, times);
  BOOST_TEST(!times[clock_kind::acknowledged].has_value());
  changed.has_owner = true;
  apply(changed, times);
  BOOST_TEST((times[clock_kind::acknowledged] == noon));
  apply(line("incident_released", noon + 1h), times);
  BOOST_TEST((times[clock_kind::partner_notified] == noon + 1h));
  auto told = line("clock_stopped", noon + 2h);
  told.clock = "owner_notified";
  told.clock_at = noon + 30min;
  apply(told, times);
  BOOST_TEST((times[clock_kind::owner_notified] == noon + 30min));
  told.clock = "nonsense";
  apply(told, times);
}

BOOST_AUTO_TEST_SUITE_END()
