#include "coord/incident/marking.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::coord::incident;

BOOST_AUTO_TEST_SUITE(coord_incident_marking)

BOOST_AUTO_TEST_CASE(labels_are_written_as_tlp_2_0_writes_them) {
  BOOST_TEST(to_string(tlp::amber_strict) == "amber+strict");
  BOOST_TEST((tlp_from("red") == tlp::red));
  BOOST_TEST((pap_from("red") == pap::red));
}

BOOST_AUTO_TEST_CASE(the_old_word_white_is_not_taken_for_clear) {
  BOOST_TEST(!tlp_from("white"));
  BOOST_TEST(!tlp_from("AMBER"));
  BOOST_TEST(!pap_from("amber+strict"));
}

BOOST_AUTO_TEST_CASE(a_stricter_label_is_greater) {
  BOOST_TEST((tlp::red > tlp::amber_strict));
}

BOOST_AUTO_TEST_SUITE_END()
