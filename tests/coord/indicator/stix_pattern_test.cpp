#include "coord/indicator/stix_pattern.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::coord;
using namespace cresset::coord::indicator;

namespace {

std::string read(std::string_view pattern) {
  const auto made = read_pattern(pattern);
  if (!made)
    return "no: " + made.error();
  std::string all;
  for (const auto& [kind, value] : *made)
    all += std::string{to_string(kind)} + "=" + value + " ";
  return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(coord_indicator_stix_pattern)

BOOST_AUTO_TEST_CASE(comparisons_joined_by_or_are_read) {
  BOOST_TEST(read("[ipv4-addr:value = '198.51.100.7']") == "address=198.51.100.7 ");
  BOOST_TEST(
      read("[ipv4-addr:value ISSUBSET '198.51.100.0/24' OR domain-name:value='Evil.example']") ==
      "address=198.51.100.0/24 domain=evil.example ");
  BOOST_TEST(read("[url:value = 'http://a.example/b'] OR [file:hashes.'SHA-256' = "
                  "'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855']") ==
             "url=http://a.example/b "
             "hash=e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 ");
  BOOST_TEST(read("[domain-name:value IN ('a.example', 'b.example')]") ==
             "domain=a.example domain=b.example ");
}

BOOST_AUTO_TEST_CASE(a_pattern_we_would_match_only_in_part_is_refused) {
  for (const auto* const pattern :
       {"", "[", "[]", "[ipv4-addr:value = '198.51.100.7'", "[ipv4-addr:value != '198.51.100.7']",
        "[ipv4-addr:value = '198.51.100.7' AND domain-name:value = 'a.example']",
        "[ipv4-addr:value = '198.51.100.7'] FOLLOWEDBY [url:value = 'http://a/b']",
        "[ipv4-addr:value = '198.51.100.7'] WITHIN 5 SECONDS", "[process:name = 'a']",
        "[ipv4-addr:value = '10.0.0.0/8']", "[ipv4-addr:value = 'x]",
        "[domain-name:value IN ('a.example']", "[domain-name:value LIKE '%.example']"})
    BOOST_TEST(read(pattern).starts_with("no: "), pattern);
  std::string many = "[domain-name:value = 'a.example'";
  for (int i = 0; i < 200; ++i)
    many += " OR domain-name:value = 'a.example'";
  BOOST_TEST(read(many + "]").find("more than 100") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_object_says_label_confidence_and_end) {
  const auto made = read_offered(
      R"({"type":"indicator","id":"indicator--1","name":"n","pattern_type":"stix","confidence":80,)"
      R"("pattern":"[domain-name:value = 'evil.example']","valid_until":"2027-01-01T00:00:00Z",)"
      R"("object_marking_refs":["marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"]})");
  BOOST_REQUIRE_MESSAGE(made, (made ? "" : made.error()));
  BOOST_TEST((made->label == incident::tlp::green));
  BOOST_TEST(made->confidence.value_or(0) == 80);
  BOOST_TEST(made->valid_until.has_value());
  BOOST_TEST(made->values.size() == 1U);
}

BOOST_AUTO_TEST_CASE(an_object_without_readable_markings_is_red_and_another_one_is_refused) {
  const auto bare = read_offered(
      R"({"type":"indicator","pattern_type":"stix","pattern":"[domain-name:value = 'e.example']"})");
  BOOST_REQUIRE(bare);
  BOOST_TEST((bare->label == incident::tlp::red));
  for (const auto* const wrong :
       {"", "[]", R"({"type":"incident"})",
        R"({"type":"indicator","pattern_type":"suricata","pattern":"alert tcp"})",
        R"({"type":"indicator","pattern_type":"stix","pattern":7})"})
    BOOST_TEST(!read_offered(wrong), wrong);
}

BOOST_AUTO_TEST_SUITE_END()
