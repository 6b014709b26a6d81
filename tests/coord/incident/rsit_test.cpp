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

BOOST_AUTO_TEST_CASE(there_are_eleven_classes) {
  BOOST_TEST(rsit_classes().size() == 11U);
}

BOOST_AUTO_TEST_SUITE_END()
