#include "coord/incident/rule_facts.hpp"

#include "coord/incident/alert_facts.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::coord::incident;

BOOST_AUTO_TEST_SUITE(coord_incident_rule_facts)

BOOST_AUTO_TEST_CASE(techniques_and_cves_are_read_from_metadata_and_references) {
  detect::alert::alert alert;
  alert.metadata = {{"mitre_technique_id", "T1190"}, {"mitre_technique_id", "T1059.001"},
                    {"mitre_technique_id", "T1190"}, {"mitre_technique_id", "TA0001"},
                    {"cve", "CVE_2021_44228"},       {"cve", "nonsense"}};
  alert.references = {"https://cve.mitre.org/cgi-bin/cvename.cgi?name=2014-0160",
                      "https://nvd.nist.gov/vuln/detail/CVE-2021-44228",
                      "https://example.org/2020-12345"};
  BOOST_TEST((techniques_of(alert) == std::vector<std::string>{"T1190", "T1059.001"}));
  BOOST_TEST((cves_of(alert) == std::vector<std::string>{"CVE-2021-44228", "CVE-2014-0160"}));
}

BOOST_AUTO_TEST_CASE(no_more_than_a_bounded_number_is_kept) {
  detect::alert::alert alert;
  for (int i = 1000; i < 1100; ++i)
    alert.metadata.push_back({"mitre_technique_id", "T" + std::to_string(i)});
  BOOST_TEST(techniques_of(alert).size() == rule_values_limit);
}

BOOST_AUTO_TEST_CASE(what_only_looks_alike_is_refused) {
  for (const auto* const wrong : {"", "T119", "T1190.01", "t1190", "T11900", "T1190x001"})
    BOOST_TEST(!is_technique(wrong), wrong);
  for (const auto* const wrong : {"", "CVE-2021-1", "CVE-20211-1234", "CVE-2021-123456789"})
    BOOST_TEST(!is_cve(wrong), wrong);
}

BOOST_AUTO_TEST_CASE(an_exercise_is_told_by_the_sensor_or_by_the_rule) {
  detect::alert::alert alert;
  BOOST_TEST(!facts_of(alert, {1}).key.exercise);
  alert.metadata = {{"exercise", "yes"}};
  BOOST_TEST(facts_of(alert, {1}).key.exercise);
  alert.metadata = {{"exercise", "no"}};
  alert.exercise = true;
  BOOST_TEST(facts_of(alert, {1}).key.exercise);
}

BOOST_AUTO_TEST_SUITE_END()
