#include "coord/incident/incident_state.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::coord::incident;
using enum incident_state;

BOOST_AUTO_TEST_SUITE(coord_incident_state)

BOOST_AUTO_TEST_CASE(an_incident_goes_forwards_and_may_skip_steps) {
  BOOST_TEST(may_follow(fresh, triaged));
  BOOST_TEST(may_follow(fresh, closed));
  BOOST_TEST(may_follow(contained, recovered));
}

BOOST_AUTO_TEST_CASE(any_state_can_be_reopened_to_triaged_or_in_progress) {
  BOOST_TEST(may_follow(closed, triaged));
  BOOST_TEST(may_follow(closed, in_progress));
  BOOST_TEST(may_follow(recovered, in_progress));
}

BOOST_AUTO_TEST_CASE(other_steps_back_and_standing_still_are_refused) {
  BOOST_TEST(!may_follow(closed, fresh));
  BOOST_TEST(!may_follow(closed, contained));
  BOOST_TEST(!may_follow(eradicated, contained));
  BOOST_TEST(!may_follow(triaged, triaged));
}

BOOST_AUTO_TEST_CASE(each_state_reads_back_as_itself) {
  for (int i = 0; i <= static_cast<int>(closed); ++i) {
    const auto state = static_cast<incident_state>(i);
    BOOST_TEST((incident_state_from(to_string(state)) == state));
  }
  BOOST_TEST(!incident_state_from("fresh"));
  BOOST_TEST(!close_reason_from(""));
  BOOST_TEST((close_reason_from("false_positive") == close_reason::false_positive));
}

BOOST_AUTO_TEST_SUITE_END()
