#include "detect/rule/variables.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::detect::rule;
using cresset::ip_address;
using text::errc;

namespace {

variables some() {
  variables made;
  made.define_addresses("HOME_NET", "[10.0.0.0/8, 2001:db8::/32]");
  made.define_addresses("EXTERNAL_NET", "!$HOME_NET");
  made.define_addresses("SERVERS", "[$HOME_NET,!10.1.0.0/255.255.0.0]");
  made.define_addresses("LOOP", "[$LOOP]");
  made.define_ports("HTTP_PORTS", "80");
  made.define_ports("FILE_DATA_PORTS", "[$HTTP_PORTS,110,143]");
  return made;
}

bool holds(const address_set& set, const char* address) {
  return set.contains(*ip_address::parse(address));
}

} // namespace

BOOST_AUTO_TEST_SUITE(variables_of_rule_headers)

BOOST_AUTO_TEST_CASE(nest_and_negate) {
  auto names = some();
  const auto external = *names.addresses("$EXTERNAL_NET");
  BOOST_CHECK(!holds(*external, "10.2.3.4") && holds(*external, "11.0.0.0") &&
              !holds(*external, "2001:db8::1"));
  const auto servers = *names.addresses("$SERVERS");
  BOOST_CHECK(holds(*servers, "10.2.3.4") && !holds(*servers, "10.1.3.4"));
  const auto twice = *names.addresses("[10.0.0.0/8,![10.2.0.0/16,!10.2.3.4]]");
  BOOST_CHECK(!holds(*twice, "10.2.3.5") && holds(*twice, "10.2.3.4"));
  const auto mixed = *names.addresses("[!$HOME_NET, 10.0.0.1, 11.0.0.1]");
  BOOST_CHECK(!holds(*mixed, "10.0.0.1") && holds(*mixed, "11.0.0.1") &&
              !holds(*mixed, "12.0.0.1"));
  const auto range = *names.addresses("1.2.3.4-1.2.3.9");
  BOOST_CHECK(holds(*range, "1.2.3.9") && !holds(*range, "1.2.3.10"));
  BOOST_CHECK((*names.addresses("any"))->is_any());
}

BOOST_AUTO_TEST_CASE(hold_ports_as_lists_and_ranges) {
  auto names = some();
  const auto ports = *names.ports("[$FILE_DATA_PORTS, 1024:, !2000:2002]");
  BOOST_CHECK(ports->contains(80) && ports->contains(143) && ports->contains(65'535));
  BOOST_CHECK(!ports->contains(2'001) && !ports->contains(81));
  BOOST_CHECK((*names.ports(":1023"))->contains(0));
  BOOST_CHECK(!(*names.ports("!80"))->contains(80));
}

BOOST_AUTO_TEST_CASE(are_resolved_once_a_text) {
  auto names = some();
  BOOST_CHECK(*names.addresses("$HOME_NET") == *names.addresses("$HOME_NET"));
  BOOST_CHECK(*names.ports("80") == *names.ports("80"));
}

BOOST_AUTO_TEST_CASE(are_refused_by_name_when_undefined) {
  auto names = some();
  const auto refused = names.addresses("[10.0.0.1,$NOBODY]", 10);
  BOOST_REQUIRE(!refused);
  BOOST_CHECK(refused.error().why == errc::undefined_variable);
  BOOST_CHECK(refused.error().reason.find("$NOBODY") != std::string::npos);
  BOOST_CHECK(refused.error().offset == 20);
  BOOST_CHECK(names.ports("$NOBODY").error().why == errc::undefined_variable);
}

BOOST_AUTO_TEST_CASE(are_refused_when_nothing_is_left_or_the_text_is_none) {
  auto names = some();
  for (const auto* text : {"!any", "[10.0.0.1,!10.0.0.1]", "", "[]", "[10.0.0.1", "10.0.0.1]",
                           "10.0.0.256", "10.0.0.0/33", "10.0.0.0/255.0.255.0", "10.0.0.9-10.0.0.1",
                           "10.0.0.1-::1", "$", "[10.0.0.1,,10.0.0.2]"})
    BOOST_CHECK_MESSAGE(!names.addresses(text), text);
  for (const auto* text : {"!any", "65536", "90:80", "x", ":", "80-90", "[80,!80]"})
    BOOST_CHECK_MESSAGE(!names.ports(text) == (std::string_view{text} != ":"), text);
  BOOST_CHECK(names.addresses("$LOOP").error().why == errc::limit);
  BOOST_CHECK(names.addresses(std::string(100, '[') + "any" + std::string(100, ']')).error().why ==
              errc::limit);
}

BOOST_AUTO_TEST_SUITE_END()
