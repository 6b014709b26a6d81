#include "coord/incident/correlation_rules.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <sstream>

using namespace cresset::coord::incident;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(coord_incident_correlation_rules)

BOOST_AUTO_TEST_CASE(the_shipped_file_is_read_and_its_first_rule_is_the_severe_attack) {
  std::ifstream file{std::string{CRESSET_SOURCE} + "/appliance/config/correlation.yaml"};
  std::stringstream text;
  text << file.rdbuf();
  const auto rules = parse_correlation_rules(text.str(), "correlation.yaml");
  BOOST_REQUIRE_MESSAGE(rules, (rules ? "" : rules.error()));
  BOOST_TEST(rules->front().id == "severe-attack");
  BOOST_TEST(rules->front().severity == 1);
  BOOST_TEST((rules->front().window == 24h));
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_named_with_its_line) {
  const std::pair<const char*, const char*> cases[] = {
      {"rules: 5", "f:1: needs a list"},
      {"", "needs a list"},
      {"rules:\n  - id: A\n    title: t\n    because: b", "f:2: a rule needs an id"},
      {"rules:\n  - id: a\n    by: moon", "f:3: by:"},
      {"rules:\n  - id: a\n    severity: 0", "f:3: severity: '0' is no number from 1 to 255"},
      {"rules:\n  - id: a\n    severity: 1x", "f:3: severity"},
      {"rules:\n  - id: a\n    window: 3d", "f:3: '3d' is no window"},
      {"rules:\n  - id: a\n    window: 49h", "at most 48h"},
      {"rules:\n  - id: a\n    colour: red", "f:3: unknown key 'colour'"},
      {"rules:\n  - id: a\n    risk: 101", "f:3: risk"},
      {"rules:\n  - id: a\n    indicator: x", "f:3: indicator"},
      {"rules:\n  - id: a\n    because: {fr: x}", "f:3: because:"},
      {"rules:\n  - id: a\n    because: [x]", "f:3: because:"},
      {"rules:\n  - id: a\n    title: t", "needs a title and a because"},
      {"rules:\n  - {id: a, title: t, because: b}\n  - {id: a, title: t, because: b}",
       "f:3: id a stands twice"},
      {"rules: [", "f:"},
  };
  for (const auto& [text, expected] : cases) {
    BOOST_TEST_CONTEXT(text) {
      const auto refused = parse_correlation_rules(text, "f");
      BOOST_REQUIRE(!refused);
      BOOST_TEST(refused.error().find(expected) != std::string::npos, refused.error());
    }
  }
}

BOOST_AUTO_TEST_CASE(risk_is_urgency_times_criticality) {
  BOOST_TEST(risk_of(1, 100) == 100);
  BOOST_TEST(risk_of(2, 50) == 35);
  BOOST_TEST(risk_of(9, 100) == 20);
  BOOST_TEST(risk_of(1, 0) == 0);
}

BOOST_AUTO_TEST_CASE(because_is_said_in_one_language_or_in_both) {
  const auto rules = parse_correlation_rules("rules:\n"
                                             "  - {id: a, title: t, because: {en: x, ru: ы}}\n"
                                             "  - {id: b, title: t, because: y}\n",
                                             "f");
  BOOST_REQUIRE(rules);
  BOOST_TEST(rules->at(0).because == "x");
  BOOST_TEST(rules->at(0).because_ru == "ы");
  BOOST_TEST(rules->at(1).because_ru == "y");
}

BOOST_AUTO_TEST_SUITE_END()
