#include "capture/decode/transport_layer.hpp"

#include "tests/capture/decode/frames.hpp"

#include <boost/test/unit_test.hpp>

using namespace frames;

BOOST_AUTO_TEST_SUITE(transport_layer_test)

BOOST_AUTO_TEST_CASE(tcp_gives_every_field_of_its_header) {
  const outcome out{ipv4(6, hex("1234 0050 01020304 05060708 52 39 2000 0000 0007 616263"))};
  BOOST_TEST(verdict(out[0]) == "ok");
  BOOST_TEST(out->tuple.source_port == 0x1234);
  BOOST_TEST(out->tuple.destination_port == 80);
  BOOST_REQUIRE(out->tcp);
  BOOST_TEST(out->tcp->sequence == 0x01020304U);
  BOOST_TEST(out->tcp->acknowledgement == 0x05060708U);
  BOOST_TEST(out->tcp->window == 0x2000);
  BOOST_TEST(out->tcp->urgent_pointer == 7);
  BOOST_TEST(int{out->tcp->reserved_bits} == 2);
  BOOST_TEST(out->tcp->has(tcp_urg));
  BOOST_TEST(out->tcp->has(tcp_fin));
  BOOST_TEST(!out->tcp->has(tcp_syn));
  BOOST_TEST(out->transport_header.size() == 20U);
  BOOST_TEST(text(out->payload) == "616263");
}

BOOST_AUTO_TEST_CASE(a_damaged_tcp_header_leaves_the_network_layer) {
  const outcome small{ipv4(6, hex("1234 0050 01020304 05060708 50 18 2000 0000 00"))};
  BOOST_TEST(verdict(small[0]) == "damaged_transport tcp.pkt_too_small");
  BOOST_TEST(small->ip_version == 4);
  BOOST_TEST(small->tuple.source.to_string() == "192.0.2.1");
  BOOST_TEST(!small->is_tcp());
  BOOST_TEST(small->transport_header.empty());
  BOOST_TEST(small->payload.size() == 19U);
  BOOST_TEST(
      verdict(outcome{ipv4(6, hex("1234 0050 01020304 05060708 40 18 2000 0000 0000"))}[0]) ==
      "damaged_transport tcp.hlen_too_small");
  BOOST_TEST(verdict(outcome{
                 ipv4(6, hex("1234 0050 01020304 05060708 60 18 2000 0000 0000 020405"))}[0]) ==
             "damaged_transport tcp.invalid_optlen");
}

BOOST_AUTO_TEST_CASE(udp_ends_where_its_length_says) {
  const outcome out{ipv4(17, hex("1234 0035 000a 0000 6162 ffff"))};
  BOOST_TEST(verdict(out[0]) == "ok");
  BOOST_TEST(out->is_udp());
  BOOST_TEST(out->udp_length == 10);
  BOOST_TEST(text(out->payload) == "6162");
}

BOOST_AUTO_TEST_CASE(a_damaged_udp_header_leaves_the_network_layer) {
  BOOST_TEST(verdict(outcome{ipv4(17, hex("1234 0035 0008 00"))}[0]) ==
             "damaged_transport udp.hlen_too_small");
  BOOST_TEST(verdict(outcome{ipv4(17, hex("1234 0035 0009 0000"))}[0]) ==
             "damaged_transport udp.pkt_too_small");
  const outcome out{ipv4(17, hex("1234 0035 0005 0000 4242"))};
  BOOST_TEST(verdict(out[0]) == "damaged_transport udp.len_invalid");
  BOOST_TEST(!out->is_udp());
  BOOST_TEST(out->tuple.destination_port == 0);
}

BOOST_AUTO_TEST_CASE(sctp_gives_its_ports) {
  const outcome out{ipv4(132, hex("0b80 0b81 00000001 00000000 0300 0010"))};
  BOOST_TEST(verdict(out[0]) == "ok");
  BOOST_TEST(out->tuple.source_port == 2944);
  BOOST_TEST(out->tuple.destination_port == 2945);
  BOOST_TEST(text(out->payload) == "03000010");
  BOOST_TEST(verdict(outcome{ipv4(132, bytes(11))}[0]) == "damaged_transport sctp.pkt_too_small");
}

BOOST_AUTO_TEST_CASE(other_protocols_leave_what_follows_the_ip_header) {
  const outcome out{ipv4(89, hex("0201002c"))};
  BOOST_TEST(verdict(out[0]) == "no_transport");
  BOOST_TEST(text(out->payload) == "0201002c");
  BOOST_TEST(out->transport_header.empty());
  BOOST_TEST(verdict(outcome{ipv4(50, bytes(8))}[0]) == "no_transport");
  BOOST_TEST(verdict(outcome{ipv4(50, bytes(7))}[0]) == "damaged_transport esp.pkt_too_small");
  BOOST_TEST(verdict(outcome{ipv6(50, bytes(8))}[0]) == "no_transport");
  BOOST_TEST(verdict(outcome{ipv6(89, bytes(8))}[0]) == "no_transport");
  BOOST_TEST(verdict(outcome{ipv6(200, bytes(8))}[0]) == "no_transport ipv6.unknown_next_header");
}

BOOST_AUTO_TEST_CASE(icmp_of_the_other_family_is_not_read) {
  const outcome out{ipv4(58, hex("8000000000010001"))};
  BOOST_TEST(verdict(out[0]) == "no_transport ipv4.icmpv6");
  BOOST_TEST(!out->is_icmp());
  BOOST_TEST(verdict(outcome{ipv6(1, hex("0800000000010001"))}[0]) == "no_transport ipv6.icmpv4");
}

BOOST_AUTO_TEST_SUITE_END()
