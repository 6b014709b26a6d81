#include "coord/incident/rsit.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::coord::incident;

BOOST_AUTO_TEST_SUITE(coord_incident_rsit)

BOOST_AUTO_TEST_CASE(a_class_may_stand_without_a_type) {
  BOOST_TEST(is_known({"intrusions", ""}));
  BOOST_TEST(is_known({"intrusion-attempts", "exploit"}));
}

BOOST_AUTO_TEST_CASE(a_type_of_another_class_is_refused) {
  BOOST_TEST(!is_known({"intrusions", "exploit"}));
  BOOST_TEST(!is_known({"", ""}));
  BOOST_TEST(!is_known({"Intrusions", ""}));
}

BOOST_AUTO_TEST_CASE(a_rules_category_has_a_class_and_an_unknown_one_is_undetermined) {
  BOOST_TEST(
      (rsit_for_category("Web Application Attack") == rsit{"intrusion-attempts", "exploit"}));
  BOOST_TEST((rsit_for_category("something new") == rsit{"other", "undetermined"}));
}

BOOST_AUTO_TEST_CASE(every_category_leads_to_a_known_code) {
  for (const auto* const category : {"A Network Trojan was detected", "Information Leak", ""})
    BOOST_TEST(is_known(rsit_for_category(category)));
  BOOST_TEST(rsit_classes().size() == 11U);
}

BOOST_AUTO_TEST_SUITE_END()
