#include "coord/egress/checker.hpp"

#include "tests/coord/stix/example.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::coord;
using egress::objection;

namespace {
std::string changed(std::string_view from, std::string_view to) {
  auto bytes = stix::example::bytes();
  const auto at = bytes.find(from);
  BOOST_REQUIRE(at != std::string::npos);
  return bytes.replace(at, from.size(), to);
}
bool leaves(std::string_view body, std::string_view highest = "amber") {
  return !objection("stix:incident", body, highest);
}
} // namespace

BOOST_AUTO_TEST_SUITE(egress_checker)

BOOST_AUTO_TEST_CASE(what_the_server_makes_of_an_incident_may_leave) {
  BOOST_TEST(objection("stix:incident", stix::example::bytes(), "green").value_or("") == "");
  auto told = stix::example::incident();
  told.state = incident::incident_state::closed;
  told.closed_as = incident::close_reason::resolved;
  told.legal_basis = "law 1";
  told.title = "quotes \" and \\ and \x01 and \xd0\x90";
  const std::vector groups{stix::example::group()};
  BOOST_TEST(objection("stix:incident", *stix::from_incident(told, groups, stix::example::frame()),
                       "green")
                 .value_or("") == "");
}

BOOST_AUTO_TEST_CASE(the_label_is_derived_from_the_bytes) {
  BOOST_TEST(leaves(stix::example::bytes(), "green"));
  BOOST_TEST(!leaves(stix::example::bytes(), "clear"));
  BOOST_TEST(!leaves(stix::example::bytes(), "red"));
  BOOST_TEST(!leaves(stix::example::bytes(), ""));
}

BOOST_AUTO_TEST_CASE(red_never_leaves) {
  const auto red =
      changed("bab4a63c-aed9-4cf5-a766-dfca5abac2bb", "e828b379-4e03-4974-9ac4-e53a884c97c1");
  BOOST_TEST(objection("stix:incident", red, "amber+strict").value_or("").find("TLP:RED") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(two_labels_count_as_the_stricter) {
  const auto two = changed("\"marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb\"",
                           "\"marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb\","
                           "\"marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1\"");
  BOOST_TEST(!leaves(two, "amber+strict"));
}

BOOST_AUTO_TEST_CASE(a_missing_or_unknown_marking_keeps_it_in) {
  BOOST_TEST(!leaves(changed("bab4a63c", "bab4a63d")));
  BOOST_TEST(!leaves(changed("\"marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb\"", "")));
  BOOST_TEST(!leaves(changed("object_marking_refs", "object_marking_refz")));
}

BOOST_AUTO_TEST_CASE(a_member_not_on_the_list_keeps_it_in_and_is_named) {
  const auto stray = objection("stix:incident",
                               changed("{\"created\"", "{\"analyst\":\"x\",\"created\""), "amber");
  BOOST_TEST(stray.value_or("").find("analyst") != std::string::npos);
  BOOST_TEST(!leaves(changed("\"gid\":1,", "\"gid\":1,\"owner\":\"x\",")));
  BOOST_TEST(!leaves(changed("\"value\":\"192.0.2.10\"", "\"value\":{\"deep\":1}")));
}

BOOST_AUTO_TEST_CASE(a_second_member_of_the_same_name_keeps_it_in) {
  BOOST_TEST(!leaves(changed("{\"created\"", "{\"name\":\"hidden\",\"created\"")));
  BOOST_TEST(!leaves(changed("\"pap\":\"amber\"", "\"pap\": \"amber\"")));
}

BOOST_AUTO_TEST_CASE(other_kinds_stay_in) {
  BOOST_TEST(objection("stix:indicator", stix::example::bytes(), "amber").has_value());
  BOOST_TEST(objection("future:thing", R"({"id":"x"})", "amber").has_value());
  BOOST_TEST(objection("stix:incident", "", "amber").has_value());
  BOOST_TEST(objection("stix:incident", "[]", "amber").has_value());
  BOOST_TEST(objection("cresset:receipt", R"({"id":"x","note":"y"})", "amber").has_value());
  BOOST_TEST(
      !objection("cresset:receipt", R"({"about":{"id":"x","version":"y"},"id":"z"})", "clear")
           .has_value());
}

BOOST_AUTO_TEST_CASE(texts_longer_than_any_honest_one_stay_in) {
  BOOST_TEST(!leaves(changed("Web server", std::string(20'000, 'x'))));
}

BOOST_AUTO_TEST_SUITE_END()
