#include "detect/rule/parser.hpp"

#include "detect/rule/keywords.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::detect::rule;
using text::errc;

namespace {

text::parsed<rule> read(const std::string& options,
                        const std::string& header = "alert tcp any any -> any any") {
  parser reading{variables{}};
  return reading.parse(header + " (" + options + ")");
}

} // namespace

BOOST_AUTO_TEST_SUITE(a_rule_parser)

BOOST_AUTO_TEST_CASE(reads_what_a_rule_says_of_itself) {
  const auto made = read(
      R"(msg:"ET \"X\"\; a\b"; classtype:trojan-activity; sid:2008124; rev:2; gid:3; priority:1; )"
      R"(reference:url,doc.x/1,2; reference:CVE,2014-1; metadata:created_at 2010_07_30, tag a b, x; target:dest_ip;)");
  BOOST_REQUIRE(made);
  BOOST_CHECK(made->msg == R"(ET "X"; a\b)");
  BOOST_CHECK(made->sid == 2008124 && made->rev == 2 && made->gid == 3 && *made->priority == 1);
  BOOST_CHECK(made->classtype == "trojan-activity");
  BOOST_CHECK(made->references.size() == 2 && made->references[0].id == "doc.x/1,2" &&
              made->references[1].system == "cve");
  BOOST_CHECK(made->metadata.size() == 3 && made->metadata[1].second == "a b" &&
              made->metadata[2].first == "x");
  BOOST_CHECK(made->target == target::destination);
}

BOOST_AUTO_TEST_CASE(sorts_conditions_and_effects) {
  const auto made =
      read("flow:established,to_server; dsize:>11; flags:S,12; flowbits:isset,a; flowbits:set,b; "
           "flowbits:noalert; flowint:c,+,1; flowint:c,>,5; xbits:set,d,track ip_src,expire 15; "
           "tag:session,5,packets; threshold:type limit,track by_src,count 1,seconds 60; "
           "prefilter; sid:1;");
  BOOST_REQUIRE(made);
  BOOST_CHECK(made->flow && made->flow->direction == options::way::to_server);
  BOOST_CHECK(made->conditions.size() == 4);
  BOOST_CHECK(made->effects.size() == 4);
  BOOST_CHECK(made->noalert && made->prefilter && made->threshold);
}

BOOST_AUTO_TEST_CASE(takes_no_byte_behind_a_negated_content_for_endswith) {
  const auto made = read("content:!\"a\"; startswith; isdataat:!1,relative; content:\"b\"; "
                         "isdataat:!1,relative; content:!\"c\"; isdataat:!2,relative; sid:1;");
  BOOST_REQUIRE(made && made->sections.size() == 1U);
  const auto& matches = made->sections[0].matches;
  BOOST_REQUIRE(matches.size() == 5U);
  BOOST_CHECK(std::get<payload::content>(matches[0]).ends_with);
  BOOST_CHECK(!std::get<payload::content>(matches[1]).ends_with);
  BOOST_CHECK(!std::get<payload::content>(matches[3]).ends_with);
}

BOOST_AUTO_TEST_CASE(does_not_mind_the_case_of_keywords) {
  BOOST_CHECK(read("Content:\"UserInformation.txt\"; NoCase; sid:1;").has_value());
}

BOOST_AUTO_TEST_CASE(keeps_config_rules_silent) {
  const auto made =
      read("dns.query; content:\"x\"; config:logging disable, type tx, scope tx; sid:1;",
           "config dns any any -> any any");
  BOOST_CHECK(made && made->noalert && made->effects.size() == 1);
}

BOOST_AUTO_TEST_CASE(weighs_requirements_before_it_reads_anything_else) {
  const auto skipped =
      read("vxlan_vni:10; requires: version >= 10; sid:2;", "alert frob any any => any any");
  BOOST_CHECK(!skipped && skipped.error().why == errc::unmet_requirement);
  BOOST_CHECK(read("requires: version >= 8.0.0, keyword sid; sid:8;").has_value());
  BOOST_CHECK(read("requires: frob; sid:8;").error().why == errc::syntax);
}

BOOST_AUTO_TEST_CASE(points_to_what_it_refuses) {
  const std::string rule = "alert tcp any any -> any any (content:\"a\"; frob:1; sid:1;)";
  parser reading{variables{}};
  const auto made = reading.parse(rule);
  BOOST_REQUIRE(!made);
  BOOST_CHECK(made.error().why == errc::unknown_keyword);
  BOOST_CHECK(rule.substr(made.error().offset, 4) == "frob");
  BOOST_CHECK(made.error().reason.find("frob") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(refuses_what_no_rule_can_be) {
  for (const auto& [options, why] : std::initializer_list<std::pair<const char*, errc>>{
           {"msg:\"a\";", errc::missing},
           {"sid:0;", errc::out_of_range},
           {"sid:1; sid:2;", errc::contradiction},
           {"sid:x;", errc::number_expected},
           {"sid:1; rev:4294967296;", errc::out_of_range},
           {"sid:1; msg:a;", errc::syntax},
           {"sid:1; msg:!\"a\";", errc::syntax},
           {"sid:1; priority:256;", errc::out_of_range},
           {"sid:1; reference:url;", errc::syntax},
           {"sid:1; target:both;", errc::unknown_value},
           {"sid:1; lua:x.lua;", errc::not_supported},
           {"sid:1; content:\"a\"; replace:\"b\";", errc::not_supported},
           {"sid:1; sameip:1;", errc::syntax}}) {
    const auto made = read(options);
    BOOST_CHECK_MESSAGE(!made && made.error().why == why, options);
  }
}

BOOST_AUTO_TEST_CASE(finds_the_sid_of_a_rule_that_does_not_parse) {
  BOOST_CHECK(parser::find_sid("alert frob (msg:\"sid\"; sid : 42; rev:1;)") == 42);
  BOOST_CHECK(parser::find_sid("alert (classid:7;)") == 0);
}

BOOST_AUTO_TEST_CASE(has_a_reader_for_every_keyword_it_lists) {
  for (const auto* keyword :
       {"content", "http_uri", "http.uri", "dotprefix", "ttl", "flags", "sameip", "filename",
        "app-layer-event", "filemd5", "dce_opnum", "ftpdata_command", "requires"})
    BOOST_CHECK_MESSAGE(knows_keyword(keyword), keyword);
  BOOST_CHECK(!knows_keyword("frob"));
}

BOOST_AUTO_TEST_SUITE_END()
