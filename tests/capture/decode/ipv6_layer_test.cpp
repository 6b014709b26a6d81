#include "capture/decode/ipv6_layer.hpp"

#include "tests/capture/decode/frames.hpp"

#include <boost/test/unit_test.hpp>

using namespace frames;

namespace {

std::string chain(std::uint8_t next, const bytes& content) {
  return verdict(outcome{ipv6(next, content)}[0]);
}

} // namespace

BOOST_AUTO_TEST_SUITE(ipv6_layer_test)

BOOST_AUTO_TEST_CASE(every_field_of_the_header_is_kept) {
  const outcome out{join(
      {hex("6ab12345 000a 11 3f 20010db8000000000000000000000001 20010db8000000000000000000000002"),
       hex("1234 0035 000a 0000 6162"), hex("ffff")})};
  BOOST_TEST(verdict(out[0]) == "ok");
  BOOST_TEST(out->ip_version == 6);
  BOOST_TEST(out->traffic_class == 0xab);
  BOOST_TEST(out->ipv6_flow_label == 0x12345U);
  BOOST_TEST(out->ttl == 63);
  BOOST_TEST(out->tuple.source.to_string() == "2001:0db8:0000:0000:0000:0000:0000:0001");
  BOOST_TEST(out->network.size() == 50U);
  BOOST_TEST(text(out->payload) == "6162");
}

BOOST_AUTO_TEST_CASE(a_header_cut_short_or_wrong_is_damaged) {
  BOOST_TEST(verdict(outcome{join({hex("60"), bytes(38)})}[0]) ==
             "damaged_network ipv6.pkt_too_small");
  const outcome out{
      hex("60000000 0009 11 40 20010db8000000000000000000000001 20010db8000000000000000000000002 "
          "1234 0035 0009 0000")};
  BOOST_TEST(verdict(out[0]) == "damaged_network ipv6.trunc_pkt");
  BOOST_TEST(out->tuple.source.is_v6());
  BOOST_TEST(out->payload.empty());
}

BOOST_AUTO_TEST_CASE(a_length_of_nothing_means_all_only_where_it_may) {
  const auto header = [](std::string_view next) {
    return join({hex("60000000 0000"), hex(next),
                 hex("40 20010db8000000000000000000000001 20010db8000000000000000000000002")});
  };
  BOOST_TEST(outcome(join({header("06"), tcp(hex("61"))}))->is_tcp());
  BOOST_TEST(outcome(join({header("00"), hex("06 00 c204 00010000"), tcp(hex("61"))}))->is_tcp());
  BOOST_TEST(verdict(outcome{join({header("11"), udp(53, {})})}[0]) ==
             "damaged_transport udp.hlen_too_small");
}

BOOST_AUTO_TEST_CASE(extension_headers_are_followed_to_the_transport) {
  const auto out =
      outcome{ipv6(0, join({hex("2b 00 05020000 0100"),          // hop by hop: router alert, pad
                            hex("3c 00 04 00 00000000"),         // routing
                            hex("33 00 0104 00000000"),          // destination options: pad
                            hex("11 01 0000 00000001 00000002"), // authentication, 12 bytes
                            udp(53, hex("6162"))}))};
  BOOST_TEST(out->is_udp());
  BOOST_TEST(int{out->ipv6_extensions} == (ipv6_has_hop_by_hop | ipv6_has_routing |
                                           ipv6_has_destination | ipv6_has_authentication));
  BOOST_TEST(out->network_header.size() == 40U + 8 + 8 + 8 + 12);
  BOOST_TEST(text(out->payload) == "6162");
  BOOST_TEST(out->tuple.destination_port == 53);
  BOOST_TEST(!out->has_stations_left);
}

BOOST_AUTO_TEST_CASE(a_chain_cut_short_is_damaged_wherever_it_is_cut) {
  BOOST_TEST(chain(0, hex("11 01 01040000 0000")) == "damaged_network ipv6.trunc_exthdr");
  BOOST_TEST(chain(60, hex("11 00 0104")) == "damaged_network ipv6.trunc_exthdr");
  BOOST_TEST(chain(43, hex("11 02 0000 00000000")) == "damaged_network ipv6.trunc_exthdr");
  BOOST_TEST(chain(44, hex("11 00 0000")) == "damaged_network ipv6.trunc_exthdr");
  BOOST_TEST(chain(51, hex("11 04 0000 00000001")) == "damaged_network ipv6.trunc_exthdr");
  // A fragment header with nothing, or one byte, behind it.
  BOOST_TEST(chain(44, hex("3a 00 0000 00000001")) ==
             "damaged_network ipv6.exthdr_useless_fh ipv6.trunc_exthdr");
  BOOST_TEST(chain(44, hex("3a 00 0000 00000001 80")) ==
             "damaged_network ipv6.exthdr_useless_fh ipv6.trunc_exthdr");
}

BOOST_AUTO_TEST_CASE(fragments_keep_what_reassembly_needs) {
  const outcome first{
      ipv6(0, join({hex("2c 00 01040000 0000"), hex("11 00 0001 deadbeef"), udp(53, {})}))};
  BOOST_TEST(verdict(first[0]) == "fragment ipv6.hopopts_only_padding");
  BOOST_TEST(first->is_fragment);
  BOOST_TEST(first->more_fragments);
  BOOST_TEST(first->fragment_offset_bytes == 0);
  BOOST_TEST(first->ip_id == 0xdeadbeefU);
  BOOST_TEST((first->tuple.protocol == ip_protocol::udp));
  BOOST_TEST(first->tuple.source_port == 0);
  BOOST_TEST(first->unfragmentable.size() == 48U);
  BOOST_TEST(first->payload.size() == 8U);
  const outcome last{ipv6(44, hex("11 00 0010 deadbeef 6162"))};
  BOOST_TEST(verdict(last[0]) == "fragment");
  BOOST_TEST(!last->more_fragments);
  BOOST_TEST(last->fragment_offset_bytes == 16);
  BOOST_TEST(text(last->payload) == "6162");
}

BOOST_AUTO_TEST_CASE(odd_fragments_are_named) {
  BOOST_TEST(chain(44, hex("11 00 0001 00000001 616263")) == "fragment ipv6.frag_invalid_length");
  BOOST_TEST(chain(44, hex("11 07 0011 00000001 6162636465666768")) ==
             "fragment ipv6.fh_non_zero_reserved_field");
  BOOST_TEST(chain(44, hex("11 00 0015 00000001 6162636465666768")) ==
             "fragment ipv6.fh_non_zero_reserved_field");
}

BOOST_AUTO_TEST_CASE(a_fragment_of_its_own_is_whole) {
  const outcome out{ipv6(44, join({hex("11 00 0000 00000001"), udp(53, hex("61"))}))};
  BOOST_TEST(verdict(out[0]) == "ok ipv6.exthdr_useless_fh");
  BOOST_TEST(!out->is_fragment);
  BOOST_TEST(out->is_udp());
}

BOOST_AUTO_TEST_CASE(headers_that_come_twice_are_named) {
  const auto end = udp(53, {});
  BOOST_TEST(chain(0, join({hex("00 00 05020000 0100"), hex("11 00 05020000 0100"), end}))
                 .find("exthdr_dupl_hh") != std::string::npos);
  BOOST_TEST(chain(43, join({hex("2b 00 0400 00000000"), hex("11 00 0400 00000000"), end})) ==
             "ok ipv6.exthdr_dupl_rh");
  BOOST_TEST(chain(44, join({hex("2c 00 0000 00000001"), hex("11 00 0000 00000001"), end})) ==
             "ok ipv6.exthdr_useless_fh ipv6.exthdr_dupl_fh");
  BOOST_TEST(chain(51, join({hex("33 01 0000 0000000100000000"), hex("11 01 0000 0000000100000000"),
                             end})) == "ok ipv6.exthdr_dupl_ah");
  const auto destination = [](std::string_view next) {
    return join({hex(next), hex("00 040101 010100")});
  };
  BOOST_TEST(chain(60, join({destination("3c"), destination("11"), end})).find("dupl_dh") ==
             std::string::npos);
  BOOST_TEST(chain(60, join({destination("3c"), destination("3c"), destination("11"), end}))
                 .find("dupl_dh") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(routing_headers_with_stations_left_are_marked) {
  const outcome out{
      ipv6(43, join({hex("11 02 00 01 00000000 20010db8000000000000000000000009"), udp(53, {})}))};
  BOOST_TEST(verdict(out[0]) == "ok ipv6.rh_type_0");
  BOOST_TEST(out->has_stations_left);
}

BOOST_AUTO_TEST_CASE(authentication_with_reserved_bits_is_named) {
  BOOST_TEST(chain(51, join({hex("11 01 0001 0000000100000000"), udp(53, {})})) ==
             "ok ipv6.exthdr_ah_res_not_null");
}

BOOST_AUTO_TEST_CASE(no_next_header_ends_the_packet) {
  BOOST_TEST(chain(59, {}) == "no_transport");
  BOOST_TEST(chain(59, hex("61")) == "no_transport ipv6.data_after_none_header");
}

BOOST_AUTO_TEST_CASE(a_chain_without_end_comes_to_one) {
  bytes headers;
  for (int i = 0; i < 20; ++i)
    headers = join({headers, hex("3c 00 010400000000")});
  BOOST_TEST(chain(60, headers).find("too_many_layers") == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
