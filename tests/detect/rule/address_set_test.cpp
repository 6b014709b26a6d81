#include "detect/rule/address_set.hpp"

#include <boost/test/unit_test.hpp>

using cresset::ip_address;
using cresset::detect::rule::address_set;

namespace {

ip_address at(const char* text) {
  return *ip_address::parse(text);
}

} // namespace

BOOST_AUTO_TEST_SUITE(a_set_of_addresses)

BOOST_AUTO_TEST_CASE(is_everything_unless_told_otherwise) {
  BOOST_CHECK(address_set{}.is_any());
  BOOST_CHECK((address_set{{}, {}}).is_any());
  BOOST_CHECK(address_set{}.contains(at("::1")));
}

BOOST_AUTO_TEST_CASE(cuts_the_excluded_out_of_the_included) {
  const address_set made{
      {{at("10.0.0.0"), at("10.255.255.255")}, {at("192.0.2.1"), at("192.0.2.1")}},
      {{at("10.1.0.0"), at("10.1.255.255")}, {at("192.0.2.0"), at("192.0.2.0")}}};
  for (const auto* inside : {"10.0.0.0", "10.0.255.255", "10.2.0.0", "10.255.255.255", "192.0.2.1"})
    BOOST_CHECK_MESSAGE(made.contains(at(inside)), inside);
  for (const auto* outside :
       {"9.255.255.255", "10.1.0.0", "10.1.255.255", "11.0.0.0", "192.0.2.0", "::"})
    BOOST_CHECK_MESSAGE(!made.contains(at(outside)), outside);
  BOOST_CHECK(made.ranges().size() == 3);
}

BOOST_AUTO_TEST_CASE(merges_what_touches_or_overlaps) {
  const address_set made{{{at("10.0.1.0"), at("10.0.1.255")},
                          {at("10.0.0.0"), at("10.0.0.255")},
                          {at("10.0.0.9"), at("10.0.0.9")}},
                         {}};
  BOOST_CHECK(
      (made.ranges() == std::vector<address_set::range>{{at("10.0.0.0"), at("10.0.1.255")}}));
}

BOOST_AUTO_TEST_CASE(leaves_the_other_family_whole_when_all_but_some_is_asked_for) {
  const address_set made{{}, {{at("2001:db8::"), at("2001:db8:ffff:ffff:ffff:ffff:ffff:ffff")}}};
  BOOST_CHECK(!made.is_any());
  BOOST_CHECK(made.contains(at("1.2.3.4")));
  BOOST_CHECK(made.contains(at("2001:db7::1")));
  BOOST_CHECK(!made.contains(at("2001:db8::1")));
  BOOST_CHECK(made.contains(at("2001:db9::")));
  BOOST_CHECK(made.contains(at("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")));
}

BOOST_AUTO_TEST_CASE(knows_when_nothing_is_left) {
  const address_set made{{{at("10.0.0.1"), at("10.0.0.1")}}, {{at("10.0.0.0"), at("10.0.0.3")}}};
  BOOST_CHECK(made.is_empty());
  BOOST_CHECK(!made.contains(at("10.0.0.1")));
}

BOOST_AUTO_TEST_SUITE_END()
