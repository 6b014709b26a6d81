#include "capture/decode/ppp_layer.hpp"

#include "tests/capture/decode/frames.hpp"

#include <boost/test/unit_test.hpp>

using namespace frames;

namespace {

std::string ppp(const bytes& frame) {
  return verdict(outcome{frame, link_type::ppp}[0]);
}
std::string session(const bytes& content) {
  return verdict(outcome{ethernet(0x8864, content), link_type::ethernet}[0]);
}
std::string discovery(const bytes& content) {
  return verdict(outcome{ethernet(0x8863, content), link_type::ethernet}[0]);
}

} // namespace

BOOST_AUTO_TEST_SUITE(ppp_layer_test)

BOOST_AUTO_TEST_CASE(address_control_and_half_the_protocol_may_be_left_out) {
  const auto v4 = ipv4(17, udp(53, {}));
  BOOST_TEST(ppp(join({hex("ff03 0021"), v4})) == "ok");
  BOOST_TEST(ppp(join({hex("0021"), v4})) == "ok");
  BOOST_TEST(ppp(join({hex("21"), v4})) == "ok");
  BOOST_TEST(ppp(join({hex("ff03 0057"), ipv6(17, udp(53, {}))})) == "ok");
  BOOST_TEST(outcome(join({hex("ff03 0021"), v4}), link_type::ppp_hdlc)->is_udp());
  BOOST_TEST(ppp(join({hex("ff03 0281 00064140"), v4})) == "ok");
}

BOOST_AUTO_TEST_CASE(van_jacobson_uncompressed_means_tcp) {
  const outcome out{join({hex("ff03 002f"), ipv4(3, tcp({}))}), link_type::ppp};
  BOOST_TEST(out->is_tcp());
  BOOST_TEST((out->tuple.protocol == ip_protocol::tcp));
}

BOOST_AUTO_TEST_CASE(what_is_cut_short_says_where) {
  BOOST_TEST(ppp({}) == "damaged_link ppp.pkt_too_small");
  BOOST_TEST(ppp(hex("ff03")) == "damaged_link ppp.pkt_too_small");
  BOOST_TEST(ppp(join({hex("0021"), bytes(19)})) == "damaged_link ppp.ip4_pkt_too_small");
  BOOST_TEST(ppp(join({hex("0057"), bytes(39)})) == "damaged_link ppp.ip6_pkt_too_small");
  BOOST_TEST(ppp(join({hex("002f"), bytes(19)})) == "damaged_link ppp.vju_pkt_too_small");
}

BOOST_AUTO_TEST_CASE(other_protocols_are_control_known_or_wrong) {
  BOOST_TEST(ppp(hex("ff03 c021 01010004")) == "not_ip");
  BOOST_TEST(ppp(hex("ff03 002b 0000")) == "unknown_payload ppp.unsup_proto");
  BOOST_TEST(ppp(hex("ff03 00cc 0000")) == "unknown_payload ppp.wrong_type");
}

BOOST_AUTO_TEST_CASE(a_session_frame_ends_where_its_length_says) {
  const auto v4 = ipv4(17, udp(53, {}));
  BOOST_TEST(session(join({hex("1100 0001"), be16(2 + v4.size()), hex("0021"), v4, hex("0000")})) ==
             "ok");
  BOOST_TEST(session(join({hex("1100 0001"), be16(3 + v4.size()), hex("0021"), v4})) ==
             "damaged_link pppoe.pkt_too_small");
  BOOST_TEST(session(hex("1100 0001 00")) == "damaged_link pppoe.pkt_too_small");
  BOOST_TEST(session(hex("1109 0001 0000")) == "damaged_link pppoe.wrong_code");
}

BOOST_AUTO_TEST_CASE(discovery_is_checked_tag_by_tag) {
  BOOST_TEST(discovery(hex("1109 0000 0004 0101 0000 0000")) == "not_ip");
  BOOST_TEST(discovery(hex("1165 0001 0008 0101 0000 0102 0000")) == "not_ip");
  BOOST_TEST(discovery(hex("1142 0000 0000")) == "damaged_link pppoe.wrong_code");
  BOOST_TEST(discovery(hex("1109 0000 00")) == "damaged_link pppoe.pkt_too_small");
  BOOST_TEST(discovery(hex("1109 0000 0004 0101 0001")) == "damaged_link pppoe.malformed_tags");
  BOOST_TEST(discovery(hex("1109 0000 0003 0101 00")) == "damaged_link pppoe.malformed_tags");
  BOOST_TEST(discovery(hex("1109 0000 0008 0101 0000")) == "damaged_link pppoe.malformed_tags");
}

BOOST_AUTO_TEST_SUITE_END()
