#include "coord/incident/decision.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::coord::incident;

BOOST_AUTO_TEST_SUITE(coord_incident_decision)

BOOST_AUTO_TEST_CASE(words_read_back_as_what_they_were_written_for) {
  BOOST_TEST((decision_kind_from(to_string(decision_kind::raise)) == decision_kind::raise));
  BOOST_TEST((dismissal_scope_from("rule_victim") == dismissal_scope::rule_victim));
  BOOST_TEST((reason_code_from("known_activity") == reason_code::known_activity));
}

BOOST_AUTO_TEST_CASE(unknown_words_are_refused) {
  BOOST_TEST(!decision_kind_from("delete"));
  BOOST_TEST(!dismissal_scope_from(""));
  BOOST_TEST(!reason_code_from("because"));
}

BOOST_AUTO_TEST_SUITE_END()
