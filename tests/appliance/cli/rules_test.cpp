#include "appliance/cli/rules.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <fstream>

BOOST_AUTO_TEST_SUITE(rules_command)

using namespace cresset;
using namespace cresset::appliance::cli;

struct folder {
  folder() {
    std::string name = (std::filesystem::temp_directory_path() / "cresset-rules-XXXXXX").string();
    BOOST_REQUIRE(mkdtemp(name.data()));
    path = name;
  }
  ~folder() { std::filesystem::remove_all(path); }
  std::filesystem::path write(const std::string& name, const std::string& text) const {
    std::ofstream{path / name} << text;
    return path / name;
  }
  std::filesystem::path path;
};

BOOST_FIXTURE_TEST_CASE(a_bad_rule_is_named_and_does_not_stop_the_others, folder) {
  const auto file = write("a.rules", R"(alert tcp any any -> any any (content:"needle"; sid:1;)
alert tcp any any -> any any (content:"x"; frobnicate; sid:2;)
# alert tcp any any -> any any (content:"off"; sid:3;)
alert http any any -> any any (http.uri; pcre:"/^.{9}$/"; msg:"slow"; sid:4;)
)");
  const auto report = check_rules({{file}, {}});
  BOOST_REQUIRE_MESSAGE(report, (report ? "" : report.error()));
  BOOST_TEST(report->loaded == 2U);
  BOOST_TEST(report->disabled == 1U);
  BOOST_REQUIRE(report->refused.size() == 1U);
  BOOST_TEST(report->refused[0].line == 2U);
  BOOST_TEST(report->refused[0].column > 1U);
  BOOST_TEST(report->refused[0].sid == 2U);
  BOOST_REQUIRE(report->costly.size() == 1U);
  BOOST_TEST(report->costly[0].sid == 4U);
  BOOST_TEST(report->costly[0].tried_on == "every http.uri");
  const auto table = as_table(*report);
  BOOST_TEST(table.find("a.rules:2:") != std::string::npos);
  BOOST_TEST(table.find("every http.uri") != std::string::npos);
  BOOST_TEST(as_json(*report).find(R"("sid":2,"reason":)") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(variables_that_no_rule_names_are_listed, folder) {
  const auto config = write("sensor.yaml", R"(vars:
  address-groups: {HOME_NET: "10.0.0.0/8", LAB: "10.1.0.0/16", LEFT_OVER: "10.2.0.0/16", EXTERNAL_NET: "!$HOME_NET"}
  port-groups: {WEB: "80"}
)");
  const auto file =
      write("a.rules", "alert tcp $EXTERNAL_NET any -> $LAB any (content:\"needle\"; sid:1;)\n");
  const auto report = check_rules({{file}, config});
  BOOST_REQUIRE_MESSAGE(report, (report ? "" : report.error()));
  const std::vector<std::string> unused{"LEFT_OVER", "WEB"};
  BOOST_TEST(report->unused_variables == unused, boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(a_file_that_is_not_there_is_an_error, folder) {
  BOOST_TEST(!check_rules({{path / "none.rules"}, {}}));
  BOOST_TEST(!check_rules({{write("a.rules", "")}, path / "none.yaml"}));
}

BOOST_AUTO_TEST_SUITE_END()
