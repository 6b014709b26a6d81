#include "coord/stix/to_incident.hpp"

#include "coord/signed/canonical_json.hpp"
#include "tests/coord/stix/example.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::coord;
namespace example = coord::stix::example;

namespace {
std::string changed(std::string_view from, std::string_view to) {
  auto bytes = example::bytes();
  const auto at = bytes.find(from);
  BOOST_REQUIRE(at != std::string::npos);
  return bytes.replace(at, from.size(), to);
}
} // namespace

BOOST_AUTO_TEST_SUITE(stix_to_incident)

BOOST_AUTO_TEST_CASE(what_was_told_is_understood) {
  const auto read = stix::to_incident(example::bytes());
  BOOST_REQUIRE(read.has_value());
  const auto said = example::incident();
  BOOST_TEST(read->name == said.title);
  BOOST_TEST(read->description == said.why);
  BOOST_TEST(read->severity == said.severity);
  BOOST_TEST((read->classified == said.classified));
  BOOST_TEST((read->label == said.label));
  BOOST_TEST((read->actions == said.actions));
  BOOST_TEST(read->national_id == said.name);
  BOOST_TEST(read->state == "new");
  BOOST_TEST(read->alerts == 3U);
  BOOST_TEST((read->first_seen == said.first_seen));
  BOOST_REQUIRE(read->observed.size() == 1U);
  BOOST_TEST(read->observed[0].victim == "192.0.2.10");
  BOOST_TEST(read->observed[0].attacker == "198.51.100.3");
  BOOST_TEST(read->observed[0].sid == 1000001U);
  BOOST_TEST(read->observed[0].message == "EXPLOIT path traversal");
}

BOOST_AUTO_TEST_CASE(an_incident_of_another_system_is_understood_as_far_as_it_goes) {
  const auto read = stix::to_incident(R"({"type":"incident","spec_version":"2.1",
    "id":"incident--0b9d8f5c-1f57-4f6e-9d3b-2f2a54f0a6c1","created":"2026-11-21T22:06:00Z","modified":"2026-11-21T22:06:00Z",
    "name":"x","unknown_member":{"y":[1]}})");
  BOOST_REQUIRE(read.has_value());
  BOOST_TEST((read->label == incident::tlp::red));
  BOOST_TEST(read->classified.classification == "other");
  BOOST_TEST(read->observed.empty());
}

BOOST_AUTO_TEST_CASE(a_marking_that_is_not_known_reads_as_red) {
  const auto read = stix::to_incident(changed("bab4a63c", "00000000"));
  BOOST_REQUIRE(read.has_value());
  BOOST_TEST((read->label == incident::tlp::red));
}

BOOST_AUTO_TEST_CASE(a_member_of_another_type_is_named) {
  const auto read = stix::to_incident(changed("\"criticality\":80", "\"criticality\":\"80\""));
  BOOST_REQUIRE(!read.has_value());
  BOOST_TEST(read.error().sentence.find("criticality") != std::string::npos);
  BOOST_TEST(!stix::to_incident(changed("\"criticality\":80", "\"criticality\":101")).has_value());
  BOOST_TEST(!stix::to_incident(changed("\"exercise\":false", "\"exercise\":0")).has_value());
  BOOST_TEST(!stix::to_incident(changed("2026-11-21T22:05:00.000Z", "yesterday at around noon"))
                  .has_value());
}

BOOST_AUTO_TEST_CASE(what_is_no_incident_is_refused) {
  for (const auto* text : {"", "[]", "{}", "null", R"({"type":"indicator","spec_version":"2.1"})",
                           R"({"type":"incident","spec_version":"2.0"})",
                           R"({"type":"incident","spec_version":"2.1"})",
                           R"({"type":"incident","spec_version":"2.1","id":"incident--1"})"})
    BOOST_TEST(!stix::to_incident(text).has_value());
  BOOST_TEST(!stix::to_incident(changed("incident--0b9d", "incident--0B9D")).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
