#include "capture/decode/gre.hpp"

#include "tests/capture/decode/frames.hpp"

#include <boost/test/unit_test.hpp>

using namespace frames;

namespace {

std::string gre(const bytes& content) {
  return verdict(outcome{ipv4(47, content)}[0]);
}

/// What the tunnel carries, or "nothing".
std::string inside(const bytes& content) {
  const outcome out{ipv4(47, content)};
  return out.count() == 1 ? "nothing"
                          : std::string{to_string(out[1].tunnel)} + " " + verdict(out[1]);
}

} // namespace

BOOST_AUTO_TEST_SUITE(gre_test)

BOOST_AUTO_TEST_CASE(version_0_carries_packets_and_frames) {
  const auto v4 = ipv4(17, udp(53, {}));
  BOOST_TEST(inside(join({hex("0000 0800"), v4})) == "gre ok");
  BOOST_TEST(inside(join({hex("0000 86dd"), ipv6(17, udp(53, {}))})) == "gre ok");
  BOOST_TEST(inside(join({hex("0000 6558"), ethernet(0x0800, v4)})) == "gre ok");
  BOOST_TEST(inside(join({hex("0000 8847 00064140"), v4})) == "gre ok");
  BOOST_TEST(inside(join({hex("b000 0800 00000000 00000001 00000002"), v4})) == "gre ok");
  BOOST_TEST(inside(join({hex("0000 880b ff030021"), v4})) == "gre ok");
}

BOOST_AUTO_TEST_CASE(source_routes_of_version_0_are_stepped_over) {
  const auto v4 = ipv4(17, udp(53, {}));
  BOOST_TEST(inside(join({hex("4000 0800 00000000 0800 00 04 0a000001 0000 00 00"), v4})) ==
             "gre ok");
  BOOST_TEST(gre(hex("4000 0800 00000000 0800 00 08 0a000001")) ==
             "damaged_transport gre.version0_malformed_sre_hdr");
  BOOST_TEST(gre(hex("4000 0800 00000000 0800 00")) ==
             "damaged_transport gre.version0_malformed_sre_hdr");
}

BOOST_AUTO_TEST_CASE(version_0_that_contradicts_itself_is_refused) {
  BOOST_TEST(gre(hex("0000 08")) == "damaged_transport gre.pkt_too_small");
  BOOST_TEST(gre(hex("0002 0800")) == "damaged_transport gre.wrong_version");
  BOOST_TEST(gre(hex("0300 0800")) == "damaged_transport gre.version0_recur");
  BOOST_TEST(gre(hex("0008 0800")) == "damaged_transport gre.version0_flags");
  BOOST_TEST(gre(hex("b000 0800 00000000 00000001 000000")) ==
             "damaged_transport gre.version0_hdr_too_big");
}

BOOST_AUTO_TEST_CASE(a_type_nobody_reads_stays_closed) {
  BOOST_TEST(gre(hex("0000 88cc 00000000")) == "ok");
  BOOST_TEST(inside(hex("0000 22eb 00000000")) == "nothing");
}

BOOST_AUTO_TEST_CASE(version_1_carries_ppp) {
  const auto v4 = ipv4(17, udp(53, {}));
  const auto frame = join({hex("ff030021"), v4});
  BOOST_TEST(inside(join({hex("3081 880b"), be16(frame.size()), hex("0001 00000001 00000000"),
                          frame})) == "gre ok");
  BOOST_TEST(inside(join({hex("3001 880b"), be16(frame.size()), hex("0001 00000001"), frame})) ==
             "gre ok");
  BOOST_TEST(inside(hex("2081 880b 0000 0001 00000001")) == "nothing");
  BOOST_TEST(gre(hex("2081 880b 0000 0001 00000001")) == "ok");
}

BOOST_AUTO_TEST_CASE(version_1_that_contradicts_itself_is_refused) {
  const std::pair<const char*, const char*> refused[] = {{"a001 880b 00000001", "chksum"},
                                                         {"6001 880b 00000001", "route"},
                                                         {"2801 880b 00000001", "ssr"},
                                                         {"2101 880b 00000001", "recur"},
                                                         {"2009 880b 00000001", "flags"},
                                                         {"0001 880b 00000001", "no_key"},
                                                         {"2001 0800 00000001", "wrong_protocol"},
                                                         {"3001 880b 00000001", "hdr_too_big"}};
  for (const auto& [header, why] : refused)
    BOOST_TEST(gre(hex(header)) == std::string{"damaged_transport gre.version1_"} + why);
}

BOOST_AUTO_TEST_CASE(erspan_carries_frames_with_and_without_its_header) {
  const auto frame = ethernet(0x0800, ipv4(17, udp(53, {})));
  BOOST_TEST(inside(join({hex("0000 88be"), frame})) == "erspan ok");
  const outcome out{ipv4(47, join({hex("1000 88be 00000001 1017 0000 00000000"), frame}))};
  BOOST_REQUIRE(out.count() == 2U);
  BOOST_TEST(to_string(out[1].tunnel) == "erspan");
  BOOST_REQUIRE(out[1].vlans().size() == 1U);
  BOOST_TEST(out[1].vlans()[0] == 23);
  BOOST_TEST(out[1].carrier_bytes == 8);
  BOOST_TEST(gre(hex("1000 88be 00000001 10170000000000")) ==
             "damaged_transport erspan.header_too_small");
  BOOST_TEST(gre(hex("1000 88be 00000001 2017000000000000")) ==
             "damaged_transport erspan.unsupported_version");
}

BOOST_AUTO_TEST_CASE(erspan_iii_has_a_longer_header_with_an_optional_part) {
  const auto frame = ethernet(0x0800, ipv4(17, udp(53, {})));
  const auto short_header = hex("1000 22eb 00000001 2017 0000 00000000 0000 0000");
  const outcome out{ipv4(47, join({short_header, frame}))};
  BOOST_REQUIRE(out.count() == 2U);
  BOOST_TEST(out[1].vlans()[0] == 23);
  BOOST_TEST(out[1].carrier_bytes == 12);
  const auto long_header = hex("1000 22eb 00000001 2017 0000 00000000 0000 0001 1122334455667788");
  BOOST_TEST(inside(join({long_header, frame})) == "erspan ok");
  BOOST_TEST(gre(hex("1000 22eb 00000001 2017 0000 00000000 0000 0001 112233")) ==
             "damaged_transport erspan.header_too_small");
  BOOST_TEST(gre(hex("1000 22eb 00000001 1017 0000 00000000 0000 0000")) ==
             "damaged_transport erspan.unsupported_version");
}

BOOST_AUTO_TEST_SUITE_END()
