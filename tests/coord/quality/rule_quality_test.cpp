#include "coord/quality/rule_quality.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::coord::quality;

BOOST_AUTO_TEST_SUITE(coord_quality_rule_quality)

BOOST_AUTO_TEST_CASE(a_rule_that_mostly_errs_offers_a_suppression) {
  rule_quality of;
  BOOST_TEST(of.false_positive_percent() == 0);
  BOOST_TEST(!offers_suppression(of));
  of.false_positive = 5;
  of.acknowledged = 1;
  BOOST_TEST(of.false_positive_percent() == 83);
  BOOST_TEST(offers_suppression(of));
  of.benign = 1;
  BOOST_TEST(!offers_suppression(of));
}

BOOST_AUTO_TEST_CASE(one_that_found_an_incident_or_is_silenced_already_does_not) {
  rule_quality of;
  of.false_positive = 100;
  of.raised = 1;
  BOOST_TEST(!offers_suppression(of));
  of.raised = 0;
  of.suppressions = 1;
  BOOST_TEST(!offers_suppression(of));
}

BOOST_AUTO_TEST_SUITE_END()
