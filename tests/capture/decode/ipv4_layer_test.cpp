#include "capture/decode/ipv4_layer.hpp"

#include "tests/capture/decode/frames.hpp"

#include <boost/test/unit_test.hpp>

using namespace frames;

namespace {

std::string with_options(std::string_view options) {
  return verdict(outcome{ipv4(17, udp(53, {}), hex(options))}[0]);
}

} // namespace

BOOST_AUTO_TEST_SUITE(ipv4_layer_test)

BOOST_AUTO_TEST_CASE(every_field_of_the_header_is_kept) {
  const outcome out{
      hex("45 b8 0022 beef 4000 3f 11 0000 c0000201 c6336402 1234 0035 000e 0000 616263646566")};
  BOOST_TEST(verdict(out[0]) == "ok");
  BOOST_TEST(out->ip_version == 4);
  BOOST_TEST(out->traffic_class == 0xb8);
  BOOST_TEST(out->ip_id == 0xbeefU);
  BOOST_TEST(out->dont_fragment);
  BOOST_TEST(!out->more_fragments);
  BOOST_TEST(!out->reserved_bit);
  BOOST_TEST(!out->is_fragment);
  BOOST_TEST(out->ttl == 63);
  BOOST_TEST(out->tuple.source.to_string() == "192.0.2.1");
  BOOST_TEST(out->tuple.destination.to_string() == "198.51.100.2");
  BOOST_TEST(out->tuple.source_port == 0x1234);
  BOOST_TEST(out->tuple.destination_port == 53);
  BOOST_TEST(out->network.size() == 34U);
  BOOST_TEST(out->network_header.size() == 20U);
  BOOST_TEST(text(out->payload) == "616263646566");
}

BOOST_AUTO_TEST_CASE(a_header_cut_short_or_wrong_leaves_no_network_layer) {
  const outcome small{hex("45 00 0014 0000 0000 40 11 0000 c0000201 c63364"), link_type::ipv4};
  BOOST_TEST(verdict(small[0]) == "damaged_network ipv4.pkt_too_small");
  BOOST_TEST(int{small->ip_version} == 0);
  BOOST_TEST(verdict(outcome{hex("44 00 0014 0000 0000 40 11 0000 c0000201 c6336402")}[0]) ==
             "damaged_network ipv4.hlen_too_small");
  BOOST_TEST(verdict(outcome{hex("46 00 0017 0000 0000 40 11 0000 c0000201 c6336402")}[0]) ==
             "damaged_network ipv4.iplen_smaller_than_hlen");
}

BOOST_AUTO_TEST_CASE(a_packet_cut_short_still_says_who_sent_it) {
  const outcome out{hex("45 00 0020 0000 0000 40 11 0000 c0000201 c6336402 1234 0035 000c")};
  BOOST_TEST(verdict(out[0]) == "damaged_network ipv4.trunc_pkt");
  BOOST_TEST(out->ip_version == 4);
  BOOST_TEST(out->tuple.source.to_string() == "192.0.2.1");
  BOOST_TEST(out->payload.empty());
  BOOST_TEST(!out->is_udp());
  BOOST_TEST(out->tuple.source_port == 0);
  const outcome header_cut{hex("4f 00 003c 0000 0000 40 11 0000 c0000201 c6336402 0101")};
  BOOST_TEST(verdict(header_cut[0]) == "damaged_network ipv4.trunc_pkt");
  BOOST_TEST(header_cut->network_header.size() == 22U);
}

BOOST_AUTO_TEST_CASE(fragments_carry_their_part_and_no_ports) {
  const outcome first{hex("45 00 001c 0007 2000 40 11 0000 c0000201 c6336402 1234 0035 0010 0000")};
  BOOST_TEST(verdict(first[0]) == "fragment");
  BOOST_TEST(first->is_fragment);
  BOOST_TEST(first->more_fragments);
  BOOST_TEST(first->tuple.source_port == 0);
  BOOST_TEST(first->payload.size() == 8U);
  BOOST_TEST(first->transport_header.empty());
  const outcome last{hex("45 00 001c 0007 0001 40 11 0000 c0000201 c6336402 6162636465666768")};
  BOOST_TEST(last->is_fragment);
  BOOST_TEST(!last->more_fragments);
  BOOST_TEST(last->fragment_offset_bytes == 8);
  BOOST_TEST(text(last->payload) == "6162636465666768");
  BOOST_TEST(
      outcome(hex("45 00 0014 0007 3fff 40 11 0000 c0000201 c6336402"))->fragment_offset_bytes ==
      65528);
}

BOOST_AUTO_TEST_CASE(options_are_listed_with_their_bytes) {
  const outcome out{ipv4(17, udp(53, {}), hex("94040000 01 830704 0a000001 00000000"))};
  BOOST_TEST(verdict(out[0]) == "ok");
  BOOST_REQUIRE(out->ipv4_options().size() == 4U);
  BOOST_TEST(int{out->ipv4_options()[0].type} == 0x94);
  BOOST_TEST(text(out->bytes_of(out->ipv4_options()[0])) == "94040000");
  BOOST_TEST(text(out->bytes_of(out->ipv4_options()[2])) == "8307040a000001");
  BOOST_TEST(int{out->ipv4_options()[3].type} == 0);
  BOOST_TEST(out->is_udp());
}

BOOST_AUTO_TEST_CASE(wrong_options_are_events_and_the_packet_stands) {
  BOOST_TEST(with_options("01010107") == "ok ipv4.opt_invalid");
  BOOST_TEST(with_options("94010000") == "ok ipv4.opt_invalid_len");
  BOOST_TEST(with_options("94050000") == "ok ipv4.opt_invalid_len");
  BOOST_TEST(with_options("94030000") == "ok ipv4.opt_invalid_len");
  BOOST_TEST(with_options("83070300000000 00") == "ok ipv4.opt_malformed");
  BOOST_TEST(with_options("83060400000000 00") == "ok ipv4.opt_invalid_len");
  BOOST_TEST(with_options("4408 0500 00000000") == "ok");
  BOOST_TEST(with_options("4408 0400 00000000") == "ok ipv4.opt_malformed");
  BOOST_TEST(with_options("4404 0500") == "ok ipv4.opt_invalid_len");
  BOOST_TEST(with_options("99040000") == "ok ipv4.opt_unknown");
  BOOST_TEST(with_options("94040000 94040000") == "ok ipv4.opt_duplicate");
}

BOOST_AUTO_TEST_CASE(more_options_than_the_list_holds_are_left_out) {
  const outcome out{ipv4(17, udp(53, {}), bytes(40, std::byte{1}))};
  BOOST_TEST(out->ipv4_options().size() == decoded_packet::limit_ipv4_options);
  BOOST_TEST(out->is_udp());
}

BOOST_AUTO_TEST_CASE(nothing_follows_the_end_of_options) {
  BOOST_TEST(with_options("00ffffff") == "ok");
}

BOOST_AUTO_TEST_SUITE_END()
