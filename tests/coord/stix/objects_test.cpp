#include "coord/stix/objects.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::coord::stix;
using coord::signed_::json_value;

BOOST_AUTO_TEST_SUITE(stix_objects)

BOOST_AUTO_TEST_CASE(the_golden_ids_of_observables_hold) {
  const auto source = address_id(*ip_address::parse("198.51.100.3"));
  const auto destination = address_id(*ip_address::parse("203.0.113.1"));
  BOOST_TEST(source == "ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4");
  BOOST_TEST(destination == "ipv4-addr--ad74bc22-43d2-52ed-890e-7d382f58e1eb");
  BOOST_TEST(address_id(*ip_address::parse("2001:db8::1")) ==
             "ipv6-addr--6469e3a9-b053-5e34-a025-9396ae051d26");
  BOOST_TEST(observable_id("domain-name", json_value::object{{"value", "example.com"}}) ==
             "domain-name--bedb4899-d24b-5401-bc86-8f6b4cc18ec7");
  BOOST_TEST(observable_id("autonomous-system", json_value::object{{"number", 64500}}) ==
             "autonomous-system--0a5f7072-df00-5729-9f0a-4eb18631a446");
  BOOST_TEST(
      observable_id("network-traffic",
                    json_value::object{{"src_ref", source},
                                       {"dst_ref", destination},
                                       {"src_port", 24678},
                                       {"dst_port", 80},
                                       {"protocols", json_value::array{"ipv4", "tcp", "http"}}}) ==
      "network-traffic--b328ccc3-4872-53a0-ab13-0759d13983fc");
}

BOOST_AUTO_TEST_CASE(addresses_are_written_as_rfc_5952_says) {
  BOOST_TEST(address_text(*ip_address::parse("2001:0db8:0000:0000:0001:0000:0000:0001")) ==
             "2001:db8::1:0:0:1");
  BOOST_TEST(address_text(*ip_address::parse("192.0.2.77"), 24) == "192.0.2.0/24");
  BOOST_TEST(address_text(*ip_address::parse("192.0.2.77"), 32) == "192.0.2.77");
  BOOST_TEST(address_text(*ip_address::parse("2001:db8:1:2::3"), 48) == "2001:db8:1::/48");
}

BOOST_AUTO_TEST_CASE(times_read_back_as_they_were_written) {
  const auto read = time_from("2026-11-21T22:07:38.123Z");
  BOOST_REQUIRE(read.has_value());
  BOOST_TEST(to_rfc3339_ms(*read) == "2026-11-21T22:07:38.123Z");
  BOOST_TEST(to_ns(*time_from("1970-01-01T00:00:01.000000001Z")) == 1'000'000'001);
  BOOST_TEST(to_ns(*time_from("1970-01-01T00:00:00Z")) == 0);
}

BOOST_AUTO_TEST_CASE(what_is_no_time_is_refused) {
  for (const auto* text : {"", "2026-11-21", "2026-11-21T22:07:38", "2026-11-21T22:07:38+00:00",
                           "2026-13-21T22:07:38Z", "2026-02-30T22:07:38Z", "2026-11-21T24:07:38Z",
                           "2026-11-21T22:07:38.Z", "2026-11-21T22:07:38.1234567890Z",
                           "2026-11-21 22:07:38Z", "-026-11-21T22:07:38Z", "9999-11-21T22:07:38Z",
                           "2026-11-21T22:07:38.12xZ", "2026-1+-21T22:07:38Z"})
    BOOST_TEST(!time_from(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(versions_rise_even_when_the_clock_does_not) {
  const auto at = *time_from("2026-11-21T22:07:38.1234Z");
  const auto first = next_version(std::nullopt, at);
  BOOST_TEST(to_rfc3339_ms(first) == "2026-11-21T22:07:38.123Z");
  BOOST_TEST(to_rfc3339_ms(next_version(first, at)) == "2026-11-21T22:07:38.124Z");
  BOOST_TEST(to_rfc3339_ms(next_version(first, at - std::chrono::hours{1})) ==
             "2026-11-21T22:07:38.124Z");
  BOOST_TEST(to_rfc3339_ms(next_version(first, at + std::chrono::hours{1})) ==
             "2026-11-21T23:07:38.123Z");
}

BOOST_AUTO_TEST_CASE(text_becomes_utf8_and_is_cut_between_characters) {
  BOOST_TEST(clean_text("a\xff"
                        "b",
                        100) == "a\\xffb");
  BOOST_TEST(clean_text("\xd0\x90\xd0\x91", 3) == "\xd0\x90");
  BOOST_TEST(clean_text("", 3) == "");
}

BOOST_AUTO_TEST_SUITE_END()
