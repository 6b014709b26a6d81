#include "coord/egress/policy.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::coord;
using incident::tlp;

namespace {
constexpr std::string_view good = R"(name: demo
default-mode: analyst
onward: ask
classes:
  intrusion-attempts/exploit: automatic
  intrusions: two-persons
recipients:
  CLEAR: [all]
  TLP:GREEN: [south-cert, east-cert]
  AMBER+STRICT: []
partners:
  south-cert: {highest-tlp: AMBER}
  east-cert:
    highest-tlp: GREEN
)";

std::string refused(std::string_view yaml) {
  const auto read = egress::read_policy(yaml, "policy.yaml");
  return read ? "accepted" : read.error().sentence;
}
std::string with(std::string_view from, std::string_view to) {
  std::string text{good};
  return text.replace(text.find(from), from.size(), to);
}
} // namespace

BOOST_AUTO_TEST_SUITE(egress_policy)

BOOST_AUTO_TEST_CASE(a_policy_is_read_as_written) {
  const auto read = egress::read_policy(good, "policy.yaml");
  BOOST_REQUIRE_MESSAGE(read.has_value(), refused(good));
  BOOST_TEST((read->otherwise == egress::release_mode::analyst));
  BOOST_TEST((read->onward == signed_::onward_terms::ask));
  BOOST_TEST((read->modes.at("intrusion-attempts/exploit") == egress::release_mode::automatic));
  BOOST_TEST(read->by_label[0].all);
  BOOST_TEST(read->by_label[1].partners.contains("east-cert"));
  BOOST_TEST(read->by_label[2].partners.empty());
  BOOST_TEST((read->partners.at("south-cert").highest == tlp::amber));
}

BOOST_AUTO_TEST_CASE(without_classes_everything_waits_for_an_analyst) {
  const auto read = egress::read_policy("name: bare", "policy.yaml");
  BOOST_REQUIRE(read.has_value());
  BOOST_TEST((read->otherwise == egress::release_mode::analyst));
  BOOST_TEST(read->partners.empty());
}

BOOST_AUTO_TEST_CASE(red_is_refused_wherever_it_stands) {
  BOOST_TEST(refused(with("AMBER+STRICT: []", "RED: []")).find("RED never crosses a link") !=
             std::string::npos);
  BOOST_TEST(refused(with("highest-tlp: GREEN", "highest-tlp: TLP:RED")).find("RED") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_is_not_known_is_refused_with_its_line) {
  BOOST_TEST(refused(with("intrusions:", "intrusionz:")).starts_with("policy.yaml:6:3: "));
  BOOST_TEST(refused(with("two-persons", "two")).starts_with("policy.yaml:6:15: "));
  BOOST_TEST(
      refused(with("onward: ask", "onwards: ask")).starts_with("policy.yaml:3:1: unknown key"));
  BOOST_TEST(refused(with("[all]", "[west-cert]")).find("west-cert") != std::string::npos);
  BOOST_TEST(refused(with("AMBER+STRICT", "PURPLE")).find("PURPLE") != std::string::npos);
  BOOST_TEST(refused(with("highest-tlp: AMBER", "highest: AMBER")).find("highest-tlp") !=
             std::string::npos);
  BOOST_TEST(refused(with("{highest-tlp: AMBER}", "{}")).find("no highest-tlp") !=
             std::string::npos);
  BOOST_TEST(refused(with("south-cert: {", "South Cert: {")) != "accepted");
}

BOOST_AUTO_TEST_CASE(nothing_is_automatic_by_default) {
  BOOST_TEST(refused(with("default-mode: analyst", "default-mode: automatic"))
                 .find("may not be automatic") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(damaged_texts_are_refused) {
  for (const auto* text :
       {"", "[]", "name", "name: [", "{name: x, classes: []}", "{default-mode: analyst}",
        "name: {a: b}", "{name: x, recipients: {CLEAR: all}}", "\t", "name: \xff"})
    BOOST_TEST(refused(text) != "accepted", text);
}

BOOST_AUTO_TEST_CASE(the_hash_follows_what_the_policy_says_and_not_how_it_is_written) {
  const auto base = egress::read_policy(good, "a")->hash();
  BOOST_TEST(
      (egress::read_policy(with("south-cert, east-cert", "east-cert, south-cert"), "b")->hash() ==
       base));
  BOOST_TEST(
      (egress::read_policy(with("highest-tlp: GREEN", "highest-tlp: CLEAR"), "c")->hash() != base));
  BOOST_TEST((egress::read_policy(with("automatic", "analyst"), "d")->hash() != base));
}

BOOST_AUTO_TEST_CASE(a_file_that_is_not_there_is_named) {
  BOOST_TEST(egress::load_policy("/nonexistent/policy.yaml")
                 .error()
                 .sentence.find("/nonexistent/policy.yaml") == 0U);
}

BOOST_AUTO_TEST_CASE(the_shipped_policy_is_valid_and_lets_nothing_out) {
  const auto read = egress::load_policy(CRESSET_SOURCE "/appliance/config/policy.yaml");
  BOOST_REQUIRE_MESSAGE(read.has_value(), (read ? "" : read.error().sentence));
  BOOST_TEST(read->partners.empty());
}

BOOST_AUTO_TEST_SUITE_END()
