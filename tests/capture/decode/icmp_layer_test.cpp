#include "capture/decode/icmp_layer.hpp"

#include "tests/capture/decode/frames.hpp"

#include <boost/test/unit_test.hpp>

using namespace frames;

namespace {

std::string v4(std::string_view message) {
  return verdict(outcome{ipv4(1, hex(message))}[0]);
}
std::string v6(std::string_view message) {
  return verdict(outcome{ipv6(58, hex(message))}[0]);
}

constexpr auto original_v4 =
    "45 00 0024 0000 0000 40 11 0000 c6336402 c0000201 0035 1234 0010 0000";
constexpr auto original_v6 = "60000000 0008 06 40 20010db8000000000000000000000002 "
                             "20010db8000000000000000000000001 0050 1234 00000000";

} // namespace

BOOST_AUTO_TEST_SUITE(icmp_layer_test)

BOOST_AUTO_TEST_CASE(echo_has_id_and_sequence) {
  const outcome out{ipv4(1, hex("08 00 0000 1234 0007 616263"))};
  BOOST_TEST(verdict(out[0]) == "ok");
  BOOST_REQUIRE(out->icmp);
  BOOST_TEST(int{out->icmp->type} == 8);
  BOOST_TEST(out->icmp->id.value() == 0x1234);
  BOOST_TEST(out->icmp->sequence.value() == 7);
  BOOST_TEST(out->tuple.source_port == 8);
  BOOST_TEST(out->tuple.destination_port == 0);
  BOOST_TEST(text(out->payload) == "616263");
  const outcome six{ipv6(58, hex("81 00 0000 1234 0007"))};
  BOOST_TEST(six->icmp->id.value() == 0x1234);
  BOOST_TEST(six->tuple.source_port == 129);
}

BOOST_AUTO_TEST_CASE(an_error_names_the_packet_it_speaks_of) {
  const outcome out{ipv4(1, join({hex("03 04 0000 0000 05dc"), hex(original_v4)}))};
  BOOST_TEST(verdict(out[0]) == "ok");
  BOOST_TEST(out->icmp->mtu.value() == 1500U);
  BOOST_TEST(!out->icmp->id);
  BOOST_REQUIRE(out->icmp->original);
  BOOST_TEST(out->icmp->original->source.to_string() == "198.51.100.2");
  BOOST_TEST(out->icmp->original->destination_port == 0x1234);
  BOOST_TEST((out->icmp->original->protocol == ip_protocol::udp));
  const outcome six{ipv6(58, join({hex("02 00 0000 00000500"), hex(original_v6)}))};
  BOOST_TEST(six->icmp->mtu.value() == 1280U);
  BOOST_TEST(six->icmp->original->source_port == 80);
}

BOOST_AUTO_TEST_CASE(a_later_fragment_inside_an_error_has_no_ports) {
  const outcome out{ipv4(
      1, hex("0b 01 0000 00000000 45 00 0024 0000 0001 40 11 0000 c6336402 c0000201 0035 1234"))};
  BOOST_REQUIRE(out->icmp->original);
  BOOST_TEST(out->icmp->original->source_port == 0);
}

BOOST_AUTO_TEST_CASE(a_damaged_original_is_an_event) {
  BOOST_TEST(v4("03 01 0000 00000000") == "ok icmpv4.ipv4_trunc_pkt");
  BOOST_TEST(v4("03 01 0000 00000000 4f 00 0024 0000 0000 40 11 0000 c6336402 c0000201") ==
             "ok icmpv4.ipv4_trunc_pkt");
  BOOST_TEST(v4("03 01 0000 00000000 65 00 0024 0000 0000 40 11 0000 c6336402 c0000201") ==
             "ok icmpv4.ipv4_unknown_ver");
  BOOST_TEST(v6("01 04 0000 00000000 60") == "ok icmpv6.ipv6_trunc_pkt");
  BOOST_TEST(verdict(outcome{ipv6(58, join({hex("01 04 0000 00000000 40"), bytes(39)}))}[0]) ==
             "ok icmpv6.ipv6_unknown_version");
}

BOOST_AUTO_TEST_CASE(a_message_cut_short_is_damaged) {
  const outcome out{ipv4(1, hex("08 00 0000 1234 00"))};
  BOOST_TEST(verdict(out[0]) == "damaged_transport icmpv4.pkt_too_small");
  BOOST_TEST(!out->is_icmp());
  BOOST_TEST(out->ip_version == 4);
  BOOST_TEST(v6("80 00 0000 1234 00") == "damaged_transport icmpv6.pkt_too_small");
}

BOOST_AUTO_TEST_CASE(types_and_codes_nobody_assigned_are_named) {
  BOOST_TEST(v4("2d 00 0000 00000000") == "ok icmpv4.unknown_type");
  BOOST_TEST(v4("08 01 0000 00000000") == "ok icmpv4.unknown_code");
  BOOST_TEST(v4("05 04 0000 00000000") == "ok icmpv4.unknown_code icmpv4.ipv4_trunc_pkt");
  BOOST_TEST(v6("05 00 0000 00000000") == "ok icmpv6.unassigned_type");
  BOOST_TEST(v6("c8 00 0000 00000000") == "ok icmpv6.experimentation_type");
  BOOST_TEST(v6("7f 00 0000 00000000") == "ok icmpv6.unknown_type");
  BOOST_TEST(v6("80 01 0000 00000000") == "ok icmpv6.unknown_code");
}

BOOST_AUTO_TEST_CASE(listener_messages_never_leave_their_link) {
  BOOST_TEST(v6("82 00 0000 00000000") == "ok icmpv6.mld_message_with_invalid_hl");
  auto on_link = ipv6(58, hex("82 00 0000 00000000"));
  on_link[7] = std::byte{1};
  BOOST_TEST(verdict(outcome{on_link}[0]) == "ok");
}

BOOST_AUTO_TEST_SUITE_END()
