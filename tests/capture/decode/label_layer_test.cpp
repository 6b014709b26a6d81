#include "capture/decode/label_layer.hpp"

#include "tests/capture/decode/frames.hpp"

#include <boost/test/unit_test.hpp>

using namespace frames;

namespace {

std::string behind(std::uint16_t type, const bytes& content) {
  return verdict(outcome{ethernet(type, content), link_type::ethernet}[0]);
}

} // namespace

BOOST_AUTO_TEST_SUITE(label_layer_test)

BOOST_AUTO_TEST_CASE(a_stack_of_labels_is_read_down_to_its_bottom) {
  // Labels 100, 200 and 300; only the last has the bottom bit.
  const auto stack = hex("00064040 000c8040 0012c140");
  BOOST_TEST(outcome(ethernet(0x8847, join({stack, ipv4(17, udp(53, {}))})), link_type::ethernet)
                 ->is_udp());
  BOOST_TEST(
      int{outcome(ethernet(0x8848, join({stack, ipv6(17, udp(53, {}))})), link_type::ethernet)
              ->ip_version} == 6);
}

BOOST_AUTO_TEST_CASE(explicit_null_labels_name_what_follows) {
  BOOST_TEST(behind(0x8847, join({hex("00000140"), ipv4(17, udp(53, {}))})) == "ok");
  BOOST_TEST(behind(0x8847, join({hex("00002140"), ipv6(17, udp(53, {}))})) == "ok");
  BOOST_TEST(behind(0x8847, join({hex("00002140"), bytes(39)})) ==
             "damaged_network ipv6.pkt_too_small");
}

BOOST_AUTO_TEST_CASE(a_pseudowire_is_found_with_and_without_control_word) {
  const auto inner = ethernet(0x0800, ipv4(17, udp(53, {})));
  BOOST_TEST(outcome(ethernet(0x8847, join({hex("00064140 00000000"), inner})), link_type::ethernet)
                 ->is_udp());
  BOOST_TEST(
      outcome(ethernet(0x8847, join({hex("00064140"), inner})), link_type::ethernet)->is_udp());
}

BOOST_AUTO_TEST_CASE(labels_that_may_not_end_a_stack_are_refused) {
  BOOST_TEST(behind(0x8847, hex("00001140 45")) == "damaged_link mpls.bad_label_router_alert");
  BOOST_TEST(behind(0x8847, hex("00003140 45")) == "damaged_link mpls.bad_label_implicit_null");
  BOOST_TEST(behind(0x8847, hex("00007140 45")) == "damaged_link mpls.bad_label_reserved");
}

BOOST_AUTO_TEST_CASE(labels_cut_short_are_damaged) {
  BOOST_TEST(behind(0x8847, hex("000640")) == "damaged_link mpls.header_too_small");
  BOOST_TEST(behind(0x8847, hex("00064040")) == "damaged_link mpls.header_too_small");
  BOOST_TEST(behind(0x8847, hex("00064140")) == "damaged_link mpls.pkt_too_small");
  BOOST_TEST(behind(0x8847, hex("00064140 90")) == "unknown_payload mpls.unknown_payload_type");
}

BOOST_AUTO_TEST_CASE(a_stack_without_bottom_comes_to_an_end) {
  BOOST_TEST(behind(0x8847, bytes(400)) == "too_many_layers too_many_layers");
}

BOOST_AUTO_TEST_CASE(a_backbone_bridge_carries_a_whole_frame) {
  const auto inner = ethernet(0x0800, ipv4(17, udp(53, {})));
  BOOST_TEST(
      outcome(ethernet(0x88e7, join({hex("00000001"), inner})), link_type::ethernet)->is_udp());
  BOOST_TEST(behind(0x88e7, join({hex("00000001"), bytes(13)})) ==
             "damaged_link ieee8021ah.header_too_small");
}

BOOST_AUTO_TEST_CASE(a_vn_tag_is_stepped_over) {
  BOOST_TEST(outcome(ethernet(0x8926, join({hex("00010002 0800"), ipv4(17, udp(53, {}))})),
                     link_type::ethernet)
                 ->is_udp());
  BOOST_TEST(behind(0x8926, hex("0001000208")) == "damaged_link vntag.header_too_small");
}

BOOST_AUTO_TEST_CASE(a_service_header_names_its_payload) {
  const auto v4 = ipv4(17, udp(53, {}));
  // MD type 2 without context (2 words) and MD type 1 with its 16 bytes (6 words).
  BOOST_TEST(behind(0x894f, join({hex("0fc2 02 01 00000aff"), v4})) == "ok");
  BOOST_TEST(behind(0x894f, join({hex("0fc6 01 01 00000aff"), bytes(16), v4})) == "ok");
  BOOST_TEST(behind(0x894f, join({hex("0fc2 02 03 00000aff"), ethernet(0x0800, v4)})) == "ok");
  BOOST_TEST(behind(0x894f, join({hex("0fc2 02 04 00000aff 0fc2 02 01 00000aff"), v4})) == "ok");
}

BOOST_AUTO_TEST_CASE(a_service_header_that_contradicts_itself_is_refused) {
  BOOST_TEST(behind(0x894f, hex("0fc2 02 01 00000a")) == "damaged_link nsh.header_too_small");
  BOOST_TEST(behind(0x894f, hex("4fc2 02 01 00000aff")) ==
             "unknown_payload nsh.unsupported_version");
  BOOST_TEST(behind(0x894f, hex("0fc1 02 01 00000aff")) == "damaged_link nsh.bad_header_length");
  BOOST_TEST(behind(0x894f, hex("0fc3 02 01 00000aff")) == "damaged_link nsh.bad_header_length");
  BOOST_TEST(behind(0x894f, hex("0fc2 01 01 00000aff")) == "damaged_link nsh.bad_header_length");
  BOOST_TEST(behind(0x894f, hex("0fc2 00 01 00000aff")) == "unknown_payload nsh.reserved_type");
  BOOST_TEST(behind(0x894f, hex("0fc2 03 01 00000aff")) == "unknown_payload nsh.unsupported_type");
  BOOST_TEST(behind(0x894f, hex("0fc2 02 09 00000aff")) == "unknown_payload nsh.unknown_payload");
}

BOOST_AUTO_TEST_SUITE_END()
