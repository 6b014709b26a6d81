#include "capture/decode/tunnel.hpp"

#include "tests/capture/decode/frames.hpp"

#include <boost/test/unit_test.hpp>

using namespace frames;

namespace {

const bytes inner_v4 = ipv4(17, udp(53, hex("6162")));
const bytes inner_v6 = ipv6(17, udp(53, hex("6162")));
const bytes inner_frame = ethernet(0x0800, inner_v4);

std::string inside(const bytes& packet, decoder_settings settings = {}) {
  const outcome out{packet, link_type::raw, std::move(settings)};
  if (out.count() == 1)
    return "nothing; " + verdict(out[0]);
  BOOST_TEST(out[0].carries_inner);
  BOOST_TEST(verdict(out[0]) == "ok");
  BOOST_TEST(int{out[1].tunnel_depth} == 1);
  return std::string{to_string(out[1].tunnel)} + " " + verdict(out[1]);
}

} // namespace

BOOST_AUTO_TEST_SUITE(tunnel_test)

BOOST_AUTO_TEST_CASE(ip_carries_ip_in_all_four_ways) {
  BOOST_TEST(inside(ipv4(4, inner_v4)) == "ip_in_ip ok");
  BOOST_TEST(inside(ipv4(41, inner_v6)) == "6in4 ok");
  BOOST_TEST(inside(ipv6(4, inner_v4)) == "4in6 ok");
  BOOST_TEST(inside(ipv6(41, inner_v6)) == "6in6 ok");
}

BOOST_AUTO_TEST_CASE(inside_ipv4_the_inner_packet_says_what_is_wrong) {
  BOOST_TEST(inside(ipv4(4, inner_v6)) == "ip_in_ip damaged_network ipv4.wrong_ip_version");
  BOOST_TEST(inside(ipv4(41, hex("60"))) == "6in4 damaged_network ipv6.pkt_too_small");
}

BOOST_AUTO_TEST_CASE(inside_ipv6_the_outer_packet_says_what_is_wrong) {
  BOOST_TEST(inside(ipv6(4, bytes(19))) ==
             "nothing; damaged_transport ipv6.ipv4_in_ipv6_too_small");
  BOOST_TEST(inside(ipv6(4, bytes(20))) ==
             "nothing; damaged_transport ipv6.ipv4_in_ipv6_wrong_version");
  BOOST_TEST(inside(ipv6(41, bytes(39))) ==
             "nothing; damaged_transport ipv6.ipv6_in_ipv6_too_small");
  BOOST_TEST(inside(ipv6(41, bytes(40))) ==
             "nothing; damaged_transport ipv6.ipv6_in_ipv6_wrong_version");
}

BOOST_AUTO_TEST_CASE(vxlan_is_opened_on_its_ports) {
  const auto vxlan = [](std::uint16_t port) {
    return ipv4(17, udp(port, join({hex("0800000000002500"), inner_frame})));
  };
  BOOST_TEST(inside(vxlan(4789)) == "vxlan ok");
  BOOST_TEST(inside(vxlan(8472)) == "nothing; ok");
  decoder_settings moved;
  moved.vxlan_ports = {8472, 4790};
  BOOST_TEST(inside(vxlan(8472), moved) == "vxlan ok");
  BOOST_TEST(inside(vxlan(4789), moved) == "nothing; ok");
  decoder_settings off;
  off.vxlan = false;
  BOOST_TEST(inside(vxlan(4789), off) == "nothing; ok");
}

BOOST_AUTO_TEST_CASE(what_is_no_vxlan_stays_closed) {
  BOOST_TEST(inside(ipv4(17, udp(4789, join({hex("0000000000002500"), inner_frame})))) ==
             "nothing; ok");
  BOOST_TEST(inside(ipv4(17, udp(4789, hex("08000000000025")))) == "nothing; ok");
  BOOST_TEST(inside(ipv4(17, udp(4789, join({hex("0800000000002500"), ethernet(0xabcd, {})})))) ==
             "nothing; ok vxlan.unknown_payload_type");
}

BOOST_AUTO_TEST_CASE(geneve_is_opened_behind_its_options) {
  BOOST_TEST(inside(ipv4(17, udp(6081, join({hex("0000 6558 00000100"), inner_frame})))) ==
             "geneve ok");
  BOOST_TEST(
      inside(ipv4(17, udp(6081, join({hex("0200 0800 00000100 0102030405060708"), inner_v4})))) ==
      "geneve ok");
  BOOST_TEST(inside(ipv4(17, udp(6081, hex("0200 0800 00000100 01020304")))) == "nothing; ok");
  BOOST_TEST(inside(ipv4(17, udp(6081, hex("4000 0800 00000100")))) == "nothing; ok");
  BOOST_TEST(inside(ipv4(17, udp(6081, hex("0000 abcd 00000100")))) ==
             "nothing; ok geneve.unknown_payload_type");
}

BOOST_AUTO_TEST_CASE(teredo_is_told_by_the_exact_fit) {
  BOOST_TEST(inside(ipv4(17, udp(3544, inner_v6))) == "teredo ok");
  BOOST_TEST(inside(ipv4(17, udp(3544, join({hex("0000 1234 c0000201"), inner_v6})))) ==
             "teredo ok");
  BOOST_TEST(inside(ipv4(17, udp(3544, join({hex("0001 00 00 0102030405060708 00"),
                                             hex("0000 1234 c0000201"), inner_v6})))) ==
             "teredo ok");
  BOOST_TEST(inside(ipv4(17, udp(3544, join({inner_v6, hex("00")})))) == "nothing; ok");
  BOOST_TEST(inside(ipv4(17, udp(3544, hex("0001 ff ff 0102030405060708 00")))) == "nothing; ok");
  BOOST_TEST(inside(ipv4(17, udp(53, inner_v6))) == "nothing; ok");
}

BOOST_AUTO_TEST_SUITE_END()
