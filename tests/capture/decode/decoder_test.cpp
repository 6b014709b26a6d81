#include "capture/decode/decoder.hpp"

#include "tests/capture/decode/frames.hpp"

#include <boost/test/unit_test.hpp>

using namespace frames;

namespace {

bytes nested(int tunnels) {
  auto packet = ipv4(17, udp(53, hex("6162")));
  for (int i = 0; i < tunnels; ++i)
    packet = ipv4(4, packet);
  return packet;
}

} // namespace

BOOST_AUTO_TEST_SUITE(decoder_test)

BOOST_AUTO_TEST_CASE(the_outer_packet_comes_first_then_each_inner_one) {
  const outcome out{ipv4(47, join({hex("0000 0800"), ipv4(41, ipv6(17, udp(53, hex("6162"))))}))};
  BOOST_REQUIRE(out.count() == 3U);
  BOOST_TEST(int{out[0].tunnel_depth} == 0);
  BOOST_TEST(!out[0].is_in_tunnel());
  BOOST_TEST(out[0].is_tunnel());
  BOOST_TEST((out[0].tuple.protocol == ip_protocol::gre));
  BOOST_TEST(to_string(out[1].tunnel) == "gre");
  BOOST_TEST(out[1].carries_inner);
  BOOST_TEST(to_string(out[2].tunnel) == "6in4");
  BOOST_TEST(int{out[2].tunnel_depth} == 2);
  BOOST_TEST(out[2].is_udp());
  BOOST_TEST(!out[2].carries_inner);
  BOOST_TEST(out[2].frame.data() == out[2].network.data());
}

BOOST_AUTO_TEST_CASE(tunnels_deeper_than_the_limit_stay_closed_and_are_counted) {
  const outcome fits{nested(static_cast<int>(decoder::limit_packets) - 1)};
  BOOST_TEST(fits.count() == decoder::limit_packets);
  BOOST_TEST(fits.counters().tunnels_refused.value() == 0U);
  const outcome out{nested(static_cast<int>(decoder::limit_packets))};
  BOOST_TEST(out.count() == decoder::limit_packets);
  BOOST_TEST(out.counters().tunnels_refused.value() == 1U);
  BOOST_TEST(verdict(out[decoder::limit_packets - 1]) == "ok too_many_layers");
  BOOST_TEST(!out[decoder::limit_packets - 1].carries_inner);
}

BOOST_AUTO_TEST_CASE(a_caller_with_room_for_one_gets_the_outer_packet) {
  decoder reader;
  decoded_packet one;
  const auto packet = nested(1);
  BOOST_TEST(reader.decode(packet, link_type::raw, {&one, 1}) == 1U);
  BOOST_TEST(!one.carries_inner);
  BOOST_TEST(reader.counters().tunnels_refused.value() == 1U);
}

BOOST_AUTO_TEST_CASE(an_inner_packet_without_tags_has_those_of_its_tunnel) {
  const auto tagged = [](const bytes& inner) {
    return join({hex("020000000002 020000000001 8100 0005 0800"),
                 ipv4(17, udp(4789, join({hex("0800000000002500"), inner})))});
  };
  const auto v4 = ipv4(17, udp(53, {}));
  const outcome plain{tagged(ethernet(0x0800, v4)), link_type::ethernet};
  BOOST_REQUIRE(plain.count() == 2U);
  BOOST_TEST(plain[1].vlans()[0] == 5);
  BOOST_TEST(plain[1].has_ethernet);
  const outcome own{tagged(ethernet(0x8100, join({hex("0009 0800"), v4}))), link_type::ethernet};
  BOOST_REQUIRE(own[1].vlans().size() == 1U);
  BOOST_TEST(own[1].vlans()[0] == 9);
}

BOOST_AUTO_TEST_CASE(one_place_can_be_used_again_and_again) {
  decoder reader;
  std::array<decoded_packet, 2> out;
  const auto rich = ethernet(
      0x8100, join({hex("0005 0800"), ipv4(6, tcp({}, hex("020405b4")), hex("94040000"))}));
  reader.decode(rich, link_type::ethernet, out);
  BOOST_TEST(out[0].is_tcp());
  reader.decode(hex("00"), link_type::ethernet, out);
  BOOST_TEST(!out[0].is_tcp());
  BOOST_TEST(!out[0].is_ip());
  BOOST_TEST(!out[0].has_ethernet);
  BOOST_TEST(out[0].vlans().empty());
  BOOST_TEST(out[0].ipv4_options().empty());
  BOOST_TEST(out[0].network.empty());
  BOOST_TEST(out[0].payload.empty());
  BOOST_TEST(verdict(out[0]) == "damaged_link ethernet.pkt_too_small");
}

BOOST_AUTO_TEST_CASE(a_reassembled_datagram_inherits_what_lies_below_ip) {
  decoder reader;
  std::array<decoded_packet, decoder::limit_packets> out;
  const auto fragment = ethernet(
      0x8100, join({hex("0005 0800"),
                    hex("45 00 001c 0007 0001 40 04 0000 c0000201 c6336402 6162636465666768")}));
  reader.decode(fragment, link_type::ethernet, out);
  BOOST_TEST(out[0].is_fragment);
  const auto whole = ipv4(4, ipv4(17, udp(53, hex("6162"))));
  // The fragment lies in the place that is written to.
  BOOST_REQUIRE(reader.decode_network(whole, out[0], out) == 2U);
  BOOST_TEST(!out[0].is_fragment);
  BOOST_TEST(out[0].has_ethernet);
  BOOST_TEST(out[0].vlans()[0] == 5);
  BOOST_TEST(out[0].frame.data() == fragment.data());
  BOOST_TEST(out[0].network.data() == whole.data());
  BOOST_TEST(out[1].is_udp());
  BOOST_TEST(out[1].vlans()[0] == 5);
  BOOST_TEST(reader.counters().reassembled.value() == 1U);
  BOOST_TEST(reader.counters().packets.value() == 1U);
}

BOOST_AUTO_TEST_CASE(a_datagram_reassembled_in_a_tunnel_counts_its_depth_on) {
  decoder reader;
  std::array<decoded_packet, decoder::limit_packets> out;
  decoded_packet fragment;
  fragment.tunnel_depth = decoder::limit_packets - 1;
  fragment.tunnel = tunnel_kind::gre;
  const auto whole = nested(2);
  BOOST_TEST(reader.decode_network(whole, fragment, out) == 1U);
  BOOST_TEST(reader.counters().tunnels_refused.value() == 1U);
}

BOOST_AUTO_TEST_CASE(counters_close_packets_equal_outcomes) {
  decoder reader;
  std::array<decoded_packet, decoder::limit_packets> out;
  const std::vector<bytes> frames_seen{
      nested(2), hex("45"), ipv4(1, hex("00")), ipv6(17, udp(53, {})), {}};
  for (const auto& frame : frames_seen)
    reader.decode(frame, link_type::raw, out);
  const auto& counters = reader.counters();
  std::uint64_t outcomes = 0;
  for (const auto& status : counters.by_status)
    outcomes += status.value();
  BOOST_TEST(counters.packets.value() == 5U);
  BOOST_TEST(counters.inner_packets.value() == 2U);
  BOOST_TEST(outcomes == 7U);
  BOOST_TEST(
      counters.by_event[static_cast<std::size_t>(decode_event::ipv4_pkt_too_small)].value() == 1U);
  BOOST_TEST(counters.udp.value() == 2U);
  BOOST_TEST(counters.by_tunnel[static_cast<std::size_t>(tunnel_kind::ip_in_ip)].value() == 2U);
}

BOOST_AUTO_TEST_CASE(events_are_kept_once_and_up_to_their_limit) {
  decoded_packet packet;
  for (int round = 0; round < 2; ++round)
    for (std::size_t i = 0; i < decoded_packet::limit_events; ++i)
      packet.add_event(static_cast<decode_event>(i));
  BOOST_TEST(packet.events().size() == decoded_packet::limit_events);
  BOOST_TEST(int{packet.events_refused} == 0);
  packet.add_event(decode_event::too_many_layers);
  BOOST_TEST(int{packet.events_refused} == 1);
  BOOST_TEST(!packet.has_event(decode_event::too_many_layers));
}

BOOST_AUTO_TEST_CASE(every_cut_of_a_rich_frame_is_survived) {
  const auto inner =
      ethernet(0x0800, ipv4(6, tcp(hex("616263"), hex("020405b4 0101080a0000000100000002")),
                            hex("94040000")));
  const auto frame =
      ethernet(0x88a8, join({hex("0001 8100 0002 8847 00064140"),
                             ipv6(0, join({hex("3c 00 05020000 0100 2f 00 010400000000"),
                                           hex("2000 6558 00000001"), inner}))}));
  const outcome whole{frame, link_type::ethernet};
  BOOST_REQUIRE(whole.count() == 2U);
  BOOST_TEST(whole[1].is_tcp());
  for (std::size_t size = 0; size < frame.size(); ++size) {
    const outcome cut{bytes(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(size)),
                      link_type::ethernet};
    BOOST_TEST((cut->status != decode_status::ok));
  }
}

BOOST_AUTO_TEST_SUITE_END()
