#include "detect/rule/options/state_bits.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::detect::rule::options;
using cresset::detect::rule::text::text_cursor;

BOOST_AUTO_TEST_SUITE(bits_and_numbers_that_outlive_a_packet)

BOOST_AUTO_TEST_CASE(flowbits_take_alternatives_for_conditions_only) {
  const auto made = parse_flowbits(text_cursor{"isset, a/b |c"});
  BOOST_CHECK(made && made->names.size() == 2 && made->names[1] == "c" && is_condition(made->what));
  BOOST_CHECK(parse_flowbits(text_cursor{"noalert"})->what == bit_action::noalert);
  for (const auto* text :
       {"", "set", "set,", "set,a|b", "frob,a", "noalert,a", "isset,a b", "isset,a|"})
    BOOST_CHECK_MESSAGE(!parse_flowbits(text_cursor{text}), text);
}

BOOST_AUTO_TEST_CASE(xbits_and_hostbits_say_what_they_belong_to) {
  const auto pair = parse_xbits(text_cursor{"set,ET.x,track ip_pair,expire 15"});
  BOOST_CHECK(pair && pair->track == xbits::key::pair && pair->expire_s == 15 && !pair->of_host);
  BOOST_CHECK(parse_xbits(text_cursor{"isset, ET.PROPFIND,track ip_dst"})->track ==
              xbits::key::destination);
  const auto host = parse_hostbits(text_cursor{"isset,scanner,both,60"});
  BOOST_CHECK(host && host->of_host && host->track == xbits::key::both && host->expire_s == 60);
  for (const auto* text : {"", "set,a", "set,a,ip_src", "set,a,track frob",
                           "set,a,track ip_src,expire 0", "set,a,track tx,expire 5"})
    BOOST_CHECK_MESSAGE(!parse_xbits(text_cursor{text}), text);
  BOOST_CHECK(!parse_hostbits(text_cursor{"set,a,frob"}));
}

BOOST_AUTO_TEST_CASE(flowints_change_or_are_compared) {
  const auto added = parse_flowint(text_cursor{"http.anomaly.count,+,1"});
  BOOST_CHECK(added && added->what == flowint::action::add && added->value == 1 &&
              !is_condition(added->what));
  const auto compared = parse_flowint(text_cursor{"cnt, ==, maxvar"});
  BOOST_CHECK(compared && compared->other == "maxvar" && is_condition(compared->what));
  BOOST_CHECK(parse_flowint(text_cursor{"a, notset"})->what == flowint::action::isnotset);
  for (const auto* text : {"", "a", "a,+", "a,isset,1", "a,~,1", "a,+,4294967296"})
    BOOST_CHECK_MESSAGE(!parse_flowint(text_cursor{text}), text);
}

BOOST_AUTO_TEST_SUITE_END()
