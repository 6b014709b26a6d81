#include "capture/decode/ipv6_options.hpp"

#include "tests/capture/decode/frames.hpp"

#include <boost/test/unit_test.hpp>

using namespace frames;

namespace {

std::string check(std::string_view options, bool is_hop_by_hop = true) {
  decoded_packet packet;
  const auto held = hex(options);
  check_ipv6_options(held, is_hop_by_hop, packet);
  return verdict(packet);
}

} // namespace

BOOST_AUTO_TEST_SUITE(ipv6_options_test)

BOOST_AUTO_TEST_CASE(options_in_order_raise_nothing) {
  BOOST_TEST(check("05020000 0100") == "ok"); // as every MLD report ends
  BOOST_TEST(check("05020000 0100 00") == "ok ipv6.zero_len_padn");
  BOOST_TEST(check("05020000 0100 0100") == "ok ipv6.zero_len_padn");
  BOOST_TEST(check("05020000 00 0100") == "ok ipv6.zero_len_padn");
  BOOST_TEST(check("05020000 0000") == "ok");
  BOOST_TEST(check("c20400010000") == "ok");
  BOOST_TEST(check("c910 20010db8000000000000000000000001 01020000", false) == "ok");
}

BOOST_AUTO_TEST_CASE(nothing_but_padding_is_odd) {
  BOOST_TEST(check("010400000000") == "ok ipv6.hopopts_only_padding");
  BOOST_TEST(check("000000000000", false) == "ok ipv6.dstopts_only_padding");
}

BOOST_AUTO_TEST_CASE(options_nobody_assigned_are_named_for_their_header) {
  BOOST_TEST(check("3e0400000000") == "ok ipv6.hopopts_unknown_opt");
  BOOST_TEST(check("3e0400000000", false) == "ok ipv6.dstopts_unknown_opt");
}

BOOST_AUTO_TEST_CASE(a_length_that_does_not_fit_is_refused) {
  BOOST_TEST(check("05") == "ok ipv6.exthdr_invalid_optlen");
  BOOST_TEST(check("050300000100") == "ok ipv6.exthdr_invalid_optlen");
  BOOST_TEST(check("05050000") == "ok ipv6.exthdr_invalid_optlen");
  BOOST_TEST(check("0501000000") == "ok ipv6.exthdr_invalid_optlen");
}

BOOST_AUTO_TEST_SUITE_END()
