#include "coord/stix/from_incident.hpp"

#include "coord/stix/objects.hpp"
#include "tests/coord/stix/example.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::coord;
namespace example = coord::stix::example;

namespace {
signed_::json_value read(std::string_view bytes) {
  return *signed_::read_canonical(bytes);
}
const signed_::json_value& extension(const signed_::json_value& object, std::string_view id) {
  return *object.find("extensions")->find(id);
}
} // namespace

BOOST_AUTO_TEST_SUITE(stix_from_incident)

BOOST_AUTO_TEST_CASE(an_incident_becomes_this_object) {
  const auto object = read(example::bytes());
  BOOST_TEST(object.text_of("type").value_or("") == "incident");
  BOOST_TEST(object.text_of("id").value_or("") == example::object);
  BOOST_TEST(object.text_of("created_by_ref").value_or("") == example::cirt);
  BOOST_TEST(object.text_of("modified").value_or("") == "2026-11-21T22:07:38.123Z");
  BOOST_TEST(*object.find("object_marking_refs")->elements()->front().text() ==
             "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb");
  const auto& core = extension(object, stix::incident_core_extension);
  BOOST_TEST(core.text_of("determination").value_or("") == "suspected");
  BOOST_TEST(core.text_of("investigation_status").value_or("") == "new");
  BOOST_TEST(core.whole_of("criticality").value_or(0) == 80U);
  const auto& national = extension(object, stix::national_extension);
  const auto& seen = national.find("observed")->elements()->front();
  BOOST_TEST(seen.find("victim")->text_of("value").value_or("") == "192.0.2.10");
  BOOST_TEST(seen.find("attacker")->text_of("ref").value_or("") ==
             "ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4");
  BOOST_TEST(national.find("legal_basis") == nullptr);
}

BOOST_AUTO_TEST_CASE(the_same_incident_gives_the_same_bytes) {
  BOOST_TEST(example::bytes() == example::bytes());
}

BOOST_AUTO_TEST_CASE(a_closed_false_positive_says_so) {
  auto told = example::incident();
  told.state = incident::incident_state::closed;
  told.closed_as = incident::close_reason::false_positive;
  const auto object = read(*stix::from_incident(told, {}, example::frame()));
  const auto& core = extension(object, stix::incident_core_extension);
  BOOST_TEST(core.text_of("determination").value_or("") == "false-positive");
  BOOST_TEST(core.text_of("investigation_status").value_or("") == "closed");
}

BOOST_AUTO_TEST_CASE(attackers_too_many_to_name_are_left_out_and_prefixes_are_prefixes) {
  std::vector groups{example::group(), example::group()};
  groups[0].key.level = incident::attacker_level::many;
  groups[1].key.level = incident::attacker_level::prefix;
  const auto object = read(*stix::from_incident(example::incident(), groups, example::frame()));
  const auto& seen = *extension(object, stix::national_extension).find("observed")->elements();
  BOOST_TEST(seen[0].find("attacker") == nullptr);
  BOOST_TEST(seen[1].find("attacker")->text_of("value").value_or("") == "198.51.100.0/24");
}

BOOST_AUTO_TEST_CASE(text_that_is_no_utf8_does_not_stop_a_release) {
  auto told = example::incident();
  told.title = "bad \xff title";
  const auto object = read(*stix::from_incident(told, {}, example::frame()));
  BOOST_TEST(object.text_of("name").value_or("") == "bad \\xff title");
}

BOOST_AUTO_TEST_CASE(an_object_names_at_most_so_many_groups) {
  const std::vector<incident::alert_group> many(stix::observed_limit + 5, example::group());
  const auto object = read(*stix::from_incident(example::incident(), many, example::frame()));
  BOOST_TEST(extension(object, stix::national_extension).find("observed")->elements()->size() ==
             stix::observed_limit);
}

BOOST_AUTO_TEST_SUITE_END()
