#include "detect/rule/threshold_config.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::detect::rule;

BOOST_AUTO_TEST_SUITE(a_threshold_config)

BOOST_AUTO_TEST_CASE(reads_suppressions_with_lists_and_variables) {
  variables names;
  names.define_addresses("HOME_NET", "10.0.0.0/8");
  const auto made = parse_threshold_config(
      "# comment\n"
      "suppress gen_id 1, sig_id 2002087\n"
      "suppress gen_id 1, sig_id 7, track by_src, ip [192.168.0.0/16,$HOME_NET]\n"
      "suppress gen_id 0, sig_id 0, track by_either, \\\n ip 209.132.180.67\n",
      names);
  BOOST_CHECK(made.refusals.empty());
  BOOST_REQUIRE(made.suppressions.size() == 3);
  BOOST_CHECK(made.suppressions[0].track == suppression::side::none &&
              !made.suppressions[0].addresses);
  BOOST_CHECK(made.suppressions[1].addresses->contains(*cresset::ip_address::parse("10.9.9.9")));
  BOOST_CHECK(made.suppressions[2].rules.selects(5, 6) &&
              !made.suppressions[1].rules.selects(1, 8));
}

BOOST_AUTO_TEST_CASE(reads_thresholds_and_rate_filters) {
  variables names;
  const auto made = parse_threshold_config(
      "threshold gen_id 1, sig_id 2002087, type both, track by_src, count 3, seconds 5\n"
      "event_filter gen_id 1, sig_id 9, type limit, track by_dst, count 1, seconds 15\n"
      "rate_filter gen_id 1, sig_id 888, track by_src, count 10, seconds 60, new_action drop, "
      "timeout 300\n",
      names);
  BOOST_CHECK(made.refusals.empty());
  BOOST_REQUIRE(made.thresholds.size() == 2 && made.rate_filters.size() == 1);
  BOOST_CHECK(made.thresholds[0].threshold.count == 3);
  BOOST_CHECK(made.rate_filters[0].new_action == action::drop &&
              made.rate_filters[0].timeout_s == 300);
}

BOOST_AUTO_TEST_CASE(refuses_lines_and_reads_on) {
  variables names;
  const auto made = parse_threshold_config(
      "frob gen_id 1, sig_id 2\n"
      "suppress gen_id 1\n"
      "suppress gen_id 1, sig_id 2, track by_src\n"
      "suppress gen_id 1, sig_id 2, track by_src, ip $NOBODY\n"
      "threshold gen_id 1, sig_id 2, type limit\n"
      "rate_filter gen_id 1, sig_id 2, track by_src, count 1, seconds 1, timeout 1\n"
      "suppress gen_id 1, sig_id 3\n",
      names);
  BOOST_CHECK(made.refusals.size() == 6 && made.suppressions.size() == 1);
  BOOST_CHECK(made.refusals[1].offset == 24);
}

BOOST_AUTO_TEST_SUITE_END()
