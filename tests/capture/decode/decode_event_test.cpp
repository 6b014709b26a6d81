#include "capture/decode/decode_event.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace cresset::capture::decode;

BOOST_AUTO_TEST_SUITE(decode_event_test)

BOOST_AUTO_TEST_CASE(every_event_is_found_by_the_name_it_prints) {
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < decode_event_count; ++i) {
    const auto event = static_cast<decode_event>(i);
    BOOST_TEST(seen.insert(to_string(event)).second);
    BOOST_REQUIRE(find_decode_event(to_string(event)));
    BOOST_TEST((*find_decode_event(to_string(event)) == event));
  }
}

BOOST_AUTO_TEST_CASE(names_and_enumerators_go_together) {
  BOOST_TEST(to_string(decode_event::ethernet_pkt_too_small) == "ethernet.pkt_too_small");
  BOOST_TEST(to_string(decode_event::ipv4_hlen_too_small) == "ipv4.hlen_too_small");
  BOOST_TEST(to_string(decode_event::ipv6_frag_overlap) == "ipv6.frag_overlap");
  BOOST_TEST(to_string(decode_event::gre_version1_hdr_too_big) == "gre.version1_hdr_too_big");
  BOOST_TEST(to_string(decode_event::too_many_layers) == "too_many_layers");
}

BOOST_AUTO_TEST_CASE(a_name_nobody_knows_is_refused) {
  for (const auto name :
       {"", "ipv4", "ipv4.", "IPV4.pkt_too_small", "ipv4_pkt_too_small", "tcp.nothing"})
    BOOST_TEST(!find_decode_event(name), name);
}

BOOST_AUTO_TEST_SUITE_END()
