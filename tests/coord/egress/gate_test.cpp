#include "coord/egress/gate.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::coord;
using egress::verdict;
using incident::tlp;
using incident::user_id;

namespace {

struct compiled {
  egress::gate door{*egress::read_policy(R"(
name: test
classes:
  intrusion-attempts/exploit: automatic
  intrusions: two-persons
recipients: {CLEAR: [all], GREEN: [south-cert], AMBER: [south-cert, east-cert]}
partners:
  south-cert: {highest-tlp: AMBER}
  east-cert: {highest-tlp: GREEN}
)",
                                         "policy.yaml")};

  verdict decide(tlp label, const char* classification, const char* type,
                 std::vector<user_id> approvers = {}, std::string_view partner = "south-cert") {
    incident::incident asked;
    asked.name = "INC-2026-000017";
    asked.label = label;
    asked.classified = {classification, type};
    const auto said = door.decide(asked, partner, approvers);
    sentence = said.sentence;
    BOOST_TEST(sentence.ends_with('.'));
    return said.decided;
  }
  std::string sentence;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(egress_gate, compiled)

BOOST_AUTO_TEST_CASE(the_automatic_class_leaves_by_itself) {
  BOOST_TEST((decide(tlp::green, "intrusion-attempts", "exploit") == verdict::release));
}

BOOST_AUTO_TEST_CASE(a_class_not_listed_waits_for_an_analyst) {
  BOOST_TEST((decide(tlp::green, "intrusion-attempts", "brute-force") == verdict::needs_analyst));
  BOOST_TEST((decide(tlp::green, "intrusion-attempts", "brute-force", {{1}}) == verdict::release));
}

BOOST_AUTO_TEST_CASE(two_persons_are_two_different_persons) {
  BOOST_TEST((decide(tlp::green, "intrusions", "system-compromise") == verdict::needs_analyst));
  BOOST_TEST((decide(tlp::green, "intrusions", "system-compromise", {{1}}) == verdict::needs_two));
  BOOST_TEST(
      (decide(tlp::green, "intrusions", "system-compromise", {{1}, {1}}) == verdict::needs_two));
  BOOST_TEST(
      (decide(tlp::green, "intrusions", "system-compromise", {{1}, {2}}) == verdict::release));
}

BOOST_AUTO_TEST_CASE(red_never_leaves_whoever_approves) {
  BOOST_TEST((decide(tlp::red, "intrusion-attempts", "exploit", {{1}, {2}}) == verdict::refused));
  BOOST_TEST(sentence == "INC-2026-000017 is TLP:RED, which never crosses a link: call south-cert "
                         "and give the number.");
}

BOOST_AUTO_TEST_CASE(above_what_the_partner_may_see_is_refused_and_says_why) {
  BOOST_TEST(
      (decide(tlp::amber_strict, "intrusion-attempts", "exploit", {{1}, {2}}) == verdict::refused));
  BOOST_TEST(
      sentence ==
      "INC-2026-000017 is TLP:AMBER+STRICT, above TLP:AMBER, the highest that south-cert may see.");
  BOOST_TEST((decide(tlp::amber, "intrusion-attempts", "exploit", {{1}, {2}}, "east-cert") ==
              verdict::refused));
}

BOOST_AUTO_TEST_CASE(who_is_not_among_the_recipients_of_a_label_does_not_get_it) {
  BOOST_TEST((decide(tlp::green, "intrusion-attempts", "exploit", {{1}, {2}}, "east-cert") ==
              verdict::refused));
  BOOST_TEST(
      (decide(tlp::clear, "intrusion-attempts", "exploit", {}, "east-cert") == verdict::release));
}

BOOST_AUTO_TEST_CASE(an_unknown_partner_gets_nothing) {
  BOOST_TEST((decide(tlp::clear, "intrusion-attempts", "exploit", {{1}, {2}}, "west-cert") ==
              verdict::refused));
}

BOOST_AUTO_TEST_CASE(an_unknown_class_is_refused) {
  BOOST_TEST((decide(tlp::clear, "", "", {{1}, {2}}) == verdict::refused));
  BOOST_TEST((decide(tlp::clear, "intrusions", "exploit", {{1}, {2}}) == verdict::refused));
}

BOOST_AUTO_TEST_CASE(an_empty_policy_lets_nothing_out) {
  const egress::gate closed{egress::policy{}};
  incident::incident asked;
  asked.label = tlp::clear;
  asked.classified = {"test", "test"};
  const std::vector<user_id> approvers{{1}, {2}};
  BOOST_TEST((closed.decide(asked, "south-cert", approvers).decided == verdict::refused));
}

BOOST_AUTO_TEST_SUITE_END()
