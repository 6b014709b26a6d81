#include "capture/decode/link_layer.hpp"

#include "tests/capture/decode/frames.hpp"

#include <boost/test/unit_test.hpp>

using namespace frames;

BOOST_AUTO_TEST_SUITE(link_layer_test)

BOOST_AUTO_TEST_CASE(ethernet_gives_both_addresses_and_the_type) {
  const outcome out{ethernet(0x0800, ipv4(17, udp(53, hex("aabb")))), link_type::ethernet};
  BOOST_TEST(out->has_ethernet);
  BOOST_TEST(text(out->ethernet_destination) == "020000000002");
  BOOST_TEST(text(out->ethernet_source) == "020000000001");
  BOOST_TEST(out->ethertype == 0x0800);
  BOOST_TEST(out->ip_version == 4);
  BOOST_TEST(text(out->payload) == "aabb");
  BOOST_TEST(out->frame.size() == 14U + 20 + 8 + 2);
}

BOOST_AUTO_TEST_CASE(padding_of_short_frames_is_no_part_of_the_packet) {
  const outcome out{ethernet(0x0800, join({ipv4(17, udp(53, hex("aabb"))), hex("000000000000")})),
                    link_type::ethernet};
  BOOST_TEST(out->network.size() == 30U);
  BOOST_TEST(text(out->payload) == "aabb");
}

BOOST_AUTO_TEST_CASE(a_frame_shorter_than_its_header_is_damaged) {
  BOOST_TEST(verdict(outcome{hex("020000000002 020000000001 08"), link_type::ethernet}[0]) ==
             "damaged_link ethernet.pkt_too_small");
  BOOST_TEST(verdict(outcome{{}, link_type::ethernet}[0]) == "damaged_link ethernet.pkt_too_small");
}

BOOST_AUTO_TEST_CASE(a_type_nobody_reads_is_named) {
  BOOST_TEST(verdict(outcome{ethernet(0xabcd, hex("00")), link_type::ethernet}[0]) ==
             "unknown_payload ethernet.unknown_ethertype");
  BOOST_TEST(verdict(outcome{ethernet(0x8100, hex("0001 abcd")), link_type::ethernet}[0]) ==
             "unknown_payload vlan.unknown_type");
  // 802.3 lengths are nothing odd, but behind a tag
  BOOST_TEST(verdict(outcome{ethernet(0x8100, hex("0001 0026 4242030000")),
                             link_type::ethernet}[0]) == "unknown_payload vlan.unknown_type");
}

BOOST_AUTO_TEST_CASE(control_frames_are_whole_and_not_ip) {
  for (const auto type : {0x88cc, 0x888e, 0x8808, 0x8809, 0x0026})
    BOOST_TEST(verdict(outcome{ethernet(static_cast<std::uint16_t>(type), hex("4242030000")),
                               link_type::ethernet}[0]) == "not_ip");
}

BOOST_AUTO_TEST_CASE(tags_are_kept_from_the_outside_in) {
  const auto inner = ipv4(17, udp(53, {}));
  for (const auto& [outer, expected] : {std::pair{"88a8", 2}, {"9100", 2}, {"8100", 2}}) {
    const outcome out{
        join({hex("020000000002 020000000001"), hex(outer), hex("6064 8100 0007 0800"), inner}),
        link_type::ethernet};
    BOOST_TEST(int{out->vlan_count} == expected);
    BOOST_TEST(out->vlan_ids[0] == 100);
    BOOST_TEST(out->vlan_ids[1] == 7);
    BOOST_TEST(out->ethertype == 0x0800);
    BOOST_TEST(out->is_udp());
  }
}

BOOST_AUTO_TEST_CASE(a_fourth_tag_is_one_too_many) {
  const auto three = hex("8100 0001 8100 0002 8100 0003");
  const outcome fits{
      join({hex("020000000002 020000000001"), three, hex("0800"), ipv4(17, udp(53, {}))}),
      link_type::ethernet};
  BOOST_TEST(fits->is_udp());
  BOOST_TEST(fits->vlans().size() == 3U);
  const outcome out{
      join({hex("020000000002 020000000001"), three, hex("8100 0004 0800"), ipv4(17, udp(53, {}))}),
      link_type::ethernet};
  BOOST_TEST(verdict(out[0]) == "too_many_layers vlan.too_many_layers");
  BOOST_TEST(out->vlans().size() == 3U);
}

BOOST_AUTO_TEST_CASE(a_tag_cut_short_is_damaged) {
  BOOST_TEST(verdict(outcome{ethernet(0x8100, hex("0001 08")), link_type::ethernet}[0]) ==
             "damaged_link vlan.header_too_small");
}

BOOST_AUTO_TEST_CASE(null_takes_the_family_in_either_byte_order) {
  const auto v4 = ipv4(17, udp(53, {}));
  const auto v6 = ipv6(17, udp(53, {}));
  for (const auto family : {"02000000", "00000002"})
    BOOST_TEST(int{outcome(join({hex(family), v4}), link_type::null)->ip_version} == 4);
  for (const auto family : {"0a000000", "18000000", "1c000000", "1e000000", "0000001e"})
    BOOST_TEST(int{outcome(join({hex(family), v6}), link_type::null)->ip_version} == 6);
  BOOST_TEST(int{outcome(join({hex("00000002"), v4}), link_type::loopback)->ip_version} == 4);
}

BOOST_AUTO_TEST_CASE(null_refuses_what_is_too_short_or_of_another_family) {
  BOOST_TEST(verdict(outcome{hex("020000"), link_type::null}[0]) ==
             "damaged_link ltnull.pkt_too_small");
  BOOST_TEST(verdict(outcome{hex("07000000 45"), link_type::null}[0]) ==
             "unknown_payload ltnull.unsupported_type");
  BOOST_TEST(verdict(outcome{hex("02000000 45"), link_type::loopback}[0]) ==
             "unknown_payload ltnull.unsupported_type");
}

BOOST_AUTO_TEST_CASE(linux_cooked_names_the_type_at_its_end_or_front) {
  const auto v4 = ipv4(17, udp(53, {}));
  const outcome first{join({hex("0000 0001 0006 020000000001 0000 0800"), v4}),
                      link_type::linux_cooked};
  BOOST_TEST(first->is_udp());
  BOOST_TEST(!first->has_ethernet);
  const outcome second{join({hex("0800 0000 00000002 0001 00 06 020000000001 0000"), v4}),
                       link_type::linux_cooked_v2};
  BOOST_TEST(second->is_udp());
  const outcome tagged{join({hex("0000 0001 0006 020000000001 0000 8100 0005 0800"), v4}),
                       link_type::linux_cooked};
  BOOST_TEST(tagged->vlan_ids[0] == 5);
  BOOST_TEST(tagged->is_udp());
}

BOOST_AUTO_TEST_CASE(linux_cooked_cut_short_is_damaged) {
  BOOST_TEST(verdict(outcome{hex("0000 0001 0006 020000000001 0000 08"),
                             link_type::linux_cooked}[0]) == "damaged_link sll.pkt_too_small");
  BOOST_TEST(verdict(outcome{hex("0800 0000 00000002 0001 00 06 020000000001 00"),
                             link_type::linux_cooked_v2}[0]) == "damaged_link sll2.pkt_too_small");
}

BOOST_AUTO_TEST_CASE(raw_goes_by_the_first_nibble) {
  for (const auto link : {link_type::raw, link_type::raw_bsd, link_type::raw_openbsd}) {
    BOOST_TEST(int{outcome(ipv4(17, udp(53, {})), link)->ip_version} == 4);
    BOOST_TEST(int{outcome(ipv6(17, udp(53, {})), link)->ip_version} == 6);
    BOOST_TEST(verdict(outcome{hex("50"), link}[0]) == "damaged_link ipraw.invalid_ip_version");
    BOOST_TEST(verdict(outcome{{}, link}[0]) == "damaged_link ipraw.invalid_ip_version");
  }
}

BOOST_AUTO_TEST_CASE(a_link_of_one_family_refuses_the_other) {
  BOOST_TEST(int{outcome(ipv4(17, udp(53, {})), link_type::ipv4)->ip_version} == 4);
  BOOST_TEST(int{outcome(ipv6(17, udp(53, {})), link_type::ipv6)->ip_version} == 6);
  BOOST_TEST(verdict(outcome{ipv6(17, udp(53, {})), link_type::ipv4}[0]) ==
             "damaged_network ipv4.wrong_ip_version");
  BOOST_TEST(verdict(outcome{join({ipv4(17, udp(53, {})), bytes(40)}), link_type::ipv6}[0]) ==
             "damaged_network ipv6.wrong_ip_version");
}

BOOST_AUTO_TEST_CASE(cisco_hdlc_carries_an_ethertype) {
  BOOST_TEST(
      outcome(join({hex("0f00 0800"), ipv4(17, udp(53, {}))}), link_type::cisco_hdlc)->is_udp());
  BOOST_TEST(verdict(outcome{hex("0f0008"), link_type::cisco_hdlc}[0]) ==
             "damaged_link chdlc.pkt_too_small");
}

BOOST_AUTO_TEST_CASE(a_link_type_without_a_reader_is_said_so) {
  BOOST_TEST(verdict(outcome{hex("00"), static_cast<link_type>(105)}[0]) ==
             "unsupported_link_type");
}

BOOST_AUTO_TEST_CASE(arp_is_recognised_and_checked) {
  const auto arp = hex("0001 0800 06 04 0001 020000000001 c0000201 000000000000 c0000202");
  BOOST_TEST(verdict(outcome{ethernet(0x0806, arp), link_type::ethernet}[0]) == "not_ip");
  BOOST_TEST(verdict(outcome{ethernet(0x0806, hex("0001 0800 06")), link_type::ethernet}[0]) ==
             "damaged_link arp.pkt_too_small");
  BOOST_TEST(verdict(outcome{ethernet(0x0806, join({hex("0001 86dd 06 10"), bytes(40)})),
                             link_type::ethernet}[0]) ==
             "not_ip arp.unsupported_protocol arp.invalid_protocol_size arp.unsupported_opcode");
  for (const auto odd : {"0000", "0005", "000b"})
    BOOST_TEST(verdict(outcome{ethernet(0x0806, hex("0001 0800 06 04 " + std::string{odd} +
                                                    "020000000001 c0000201 000000000000 c0000202")),
                               link_type::ethernet}[0]) == "not_ip arp.unsupported_opcode");
}

BOOST_AUTO_TEST_CASE(fabric_path_carries_a_whole_frame) {
  const auto frame = ethernet(0x0800, ipv4(17, udp(53, hex("aabb"))));
  const outcome out{ethernet(0x8903, join({hex("0001"), frame})), link_type::ethernet};
  BOOST_TEST(text(out->payload) == "aabb");
  BOOST_TEST(verdict(outcome{ethernet(0x8903, hex("00")), link_type::ethernet}[0]) ==
             "damaged_link dce.pkt_too_small");
}

BOOST_AUTO_TEST_CASE(layers_inside_each_other_come_to_an_end) {
  // MPLS with a pseudowire, again and again: two layers each time.
  bytes frame = hex("45");
  for (int i = 0; i < 20; ++i)
    frame = ethernet(0x8847, join({hex("00064140"), frame}));
  BOOST_TEST(verdict(outcome{frame, link_type::ethernet}[0]) == "too_many_layers too_many_layers");
}

BOOST_AUTO_TEST_SUITE_END()
