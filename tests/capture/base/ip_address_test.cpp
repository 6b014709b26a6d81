#include "capture/base/ip_address.hpp"

#include <boost/test/unit_test.hpp>

using cresset::ip_address;

BOOST_AUTO_TEST_SUITE(ip_address_text)

BOOST_AUTO_TEST_CASE(both_families_are_read_and_written) {
  BOOST_TEST(ip_address::parse("192.0.2.1")->to_string() == "192.0.2.1");
  BOOST_TEST(ip_address::parse("2001:db8::1")->to_string() ==
             "2001:0db8:0000:0000:0000:0000:0000:0001");
}

BOOST_AUTO_TEST_CASE(text_that_is_no_address_is_refused) {
  for (const auto* text : {"", "1.2.3", "1.2.3.4.5", "300.1.1.1", "::g", "1.2.3.4/24", " 1.2.3.4",
                           "0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000"})
    BOOST_TEST(!ip_address::parse(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(a_prefix_clears_what_is_behind_it) {
  const auto address = *ip_address::parse("192.0.2.255");
  BOOST_TEST(address.prefix(24).to_string() == "192.0.2.0");
  BOOST_TEST(address.prefix(25).to_string() == "192.0.2.128");
  BOOST_TEST(address.prefix(0).to_string() == "0.0.0.0");
  BOOST_TEST(address.prefix(32).to_string() == "192.0.2.255");
  BOOST_TEST(ip_address::parse("2001:db8:ffff::1")->prefix(33).to_string() ==
             "2001:0db8:8000:0000:0000:0000:0000:0000");
}

BOOST_AUTO_TEST_CASE(no_ipv4_address_equals_an_ipv6_one) {
  BOOST_TEST((ip_address{} != *ip_address::parse("::")));
  BOOST_TEST((*ip_address::parse("1.2.3.4") < *ip_address::parse("::")));
}

BOOST_AUTO_TEST_SUITE_END()
