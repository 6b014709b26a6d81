#include "coord/stix/markings.hpp"

#include <boost/test/unit_test.hpp>

#include <vector>

using namespace cresset::coord;
using incident::tlp;

BOOST_AUTO_TEST_SUITE(stix_markings)

BOOST_AUTO_TEST_CASE(each_label_has_its_fixed_id_and_comes_back) {
  for (const auto label : {tlp::clear, tlp::green, tlp::amber, tlp::amber_strict, tlp::red})
    BOOST_TEST((stix::label_of(stix::marking_id(label)) == label));
  BOOST_TEST(stix::marking_id(tlp::amber_strict) ==
             "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003");
}

BOOST_AUTO_TEST_CASE(the_ids_of_tlp_1_are_understood) {
  BOOST_TEST(
      (stix::label_of("marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9") == tlp::clear));
  BOOST_TEST(
      (stix::label_of("marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed") == tlp::red));
}

BOOST_AUTO_TEST_CASE(the_stricter_of_two_labels_holds) {
  const std::vector<std::string> two{std::string{stix::marking_id(tlp::red)},
                                     std::string{stix::marking_id(tlp::green)}};
  BOOST_TEST((stix::strictest(two) == tlp::red));
}

BOOST_AUTO_TEST_CASE(an_id_that_is_no_label_gives_none) {
  const std::vector<std::string> other{"marking-definition--00000000-0000-4000-8000-000000000000"};
  BOOST_TEST(!stix::strictest(other).has_value());
  BOOST_TEST(!stix::strictest({}).has_value());
}

BOOST_AUTO_TEST_CASE(labels_are_written_in_capitals) {
  BOOST_TEST(stix::written(tlp::amber_strict) == "TLP:AMBER+STRICT");
}

BOOST_AUTO_TEST_SUITE_END()
