#include "coord/incident/rsit_map.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::coord::incident;

BOOST_AUTO_TEST_SUITE(coord_incident_rsit_map)

BOOST_AUTO_TEST_CASE(the_shipped_map_is_read_and_knows_the_fields_classtypes) {
  const auto& map = rsit_map::built_in();
  BOOST_TEST(map.size() > 40U);
  BOOST_TEST((map.of_category("Web Application Attack") == rsit{"intrusion-attempts", "exploit"}));
  BOOST_TEST((map.of_classtype("trojan-activity") == rsit{"malicious-code", "infected-system"}));
  BOOST_TEST((map.of_category("something new") == rsit{"other", "undetermined"}));
  BOOST_TEST((map.of_classtype("") == rsit{"other", "undetermined"}));
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_named_with_its_line) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "needs a list 'map'"},
      {"map: 5", "f:1: needs a list"},
      {"map:\n  - 5", "f:2: an entry is a map"},
      {"map:\n  - {class: other, type: other}", "f:2: an entry needs a classtype"},
      {"map:\n  - {classtype: a, class: other, type: exploit}",
       "f:2: other/exploit is not in RSIT"},
      {"map:\n  - {classtype: a, colour: red}", "f:2: unknown key 'colour'"},
      {"map:\n  - {classtype: a, class: test}\n  - {classtype: a, class: test}",
       "f:3: classtype a stands twice"},
      {"map: [", "f:"},
  };
  for (const auto& [text, expected] : cases) {
    const auto read = rsit_map::parse(text, "f");
    BOOST_REQUIRE_MESSAGE(!read, text);
    BOOST_TEST(read.error().find(expected) != std::string::npos, read.error());
  }
}

BOOST_AUTO_TEST_SUITE_END()
