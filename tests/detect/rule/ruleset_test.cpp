#include "detect/rule/ruleset.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

using namespace cresset::detect::rule;
using text::errc;

namespace {

/// The variables under which the reference's alerts were recorded, as far as rule headers name
/// them.
variables recorded() {
  variables made;
  for (const auto* name :
       {"HOME_NET", "EXTERNAL_NET", "HTTP_SERVERS", "SMTP_SERVERS", "SQL_SERVERS", "DNS_SERVERS",
        "TELNET_SERVERS", "AIM_SERVERS", "DC_SERVERS", "DNP3_SERVER", "DNP3_CLIENT",
        "MODBUS_CLIENT", "MODBUS_SERVER", "ENIP_CLIENT", "ENIP_SERVER"})
    made.define_addresses(name, "any");
  for (const auto& [name, ports] : std::initializer_list<std::pair<const char*, const char*>>{
           {"HTTP_PORTS", "80"},
           {"SHELLCODE_PORTS", "!80"},
           {"ORACLE_PORTS", "1521"},
           {"SSH_PORTS", "22"},
           {"DNP3_PORTS", "20000"},
           {"MODBUS_PORTS", "502"},
           {"FILE_DATA_PORTS", "[$HTTP_PORTS,110,143]"},
           {"FTP_PORTS", "21"},
           {"GENEVE_PORTS", "6081"},
           {"VXLAN_PORTS", "4789"},
           {"TEREDO_PORTS", "3544"},
           {"SIP_PORTS", "[5060, 5061]"}})
    made.define_ports(name, ports);
  return made;
}

std::string rule_text(const std::string& options) {
  return "alert ip any any -> any any (" + options + ")\n";
}

std::string histogram(const ruleset& of) {
  std::map<std::string, int> counted;
  for (const auto& refused : of.refusals())
    ++counted[std::string{text::name_of(refused.why)} + ": " + refused.reason];
  std::string lines;
  for (const auto& [reason, count] : counted)
    lines += std::to_string(count) + "  " + reason + "\n";
  return lines;
}

} // namespace

BOOST_AUTO_TEST_SUITE(a_ruleset)

BOOST_AUTO_TEST_CASE(reads_rules_comments_and_continued_lines) {
  parser reading{variables{}};
  ruleset made{reading};
  made.load_text("# alert ip any any -> any any (msg:\"off\"; sid:9;)\n# words\n\n" +
                     rule_text("sid:1;") +
                     "alert ip any any \\\r\n  -> any any \\\n (msg:\"joined\"; sid:2;)\r\n" +
                     rule_text("frob:1; sid:3;"),
                 "x.rules");
  BOOST_CHECK(made.rules().size() == 2 && made.disabled() == 1);
  BOOST_CHECK(made.rules()[1]->msg == "joined" && made.rules()[1]->location.line == 5);
  BOOST_REQUIRE(made.refusals().size() == 1);
  BOOST_CHECK(made.refusals()[0].line == 8 && made.refusals()[0].column == 30 &&
              made.refusals()[0].sid == 3);
}

BOOST_AUTO_TEST_CASE(points_into_the_line_that_is_wrong) {
  parser reading{variables{}};
  ruleset made{reading};
  made.load_text("alert ip any any -> any any \\\n(msg:\"a\"; \\\nfrob:1; sid:1;)\n", "x.rules");
  BOOST_REQUIRE(made.refusals().size() == 1);
  BOOST_CHECK(made.refusals()[0].line == 3 && made.refusals()[0].column == 1);
}

BOOST_AUTO_TEST_CASE(keeps_the_highest_revision) {
  parser reading{variables{}};
  ruleset made{reading};
  made.load_text(rule_text("sid:1; rev:2; msg:\"a\";") + rule_text("sid:1; rev:3; msg:\"b\";") +
                     rule_text("sid:1; rev:3; msg:\"c\";") + rule_text("sid:1; gid:2; msg:\"d\";"),
                 "x.rules");
  BOOST_CHECK(made.rules().size() == 2 && made.rules()[0]->msg == "b" &&
              made.rules()[1]->msg == "d");
  BOOST_CHECK(made.refusals().size() == 2 && made.refusals()[0].why == errc::duplicate &&
              made.refusals()[0].line == 1);
}

BOOST_AUTO_TEST_CASE(skips_rules_for_other_engines_without_refusing_them) {
  parser reading{variables{}};
  ruleset made{reading};
  made.load_text(rule_text("requires: version >= 10; sid:1;"), "x.rules");
  BOOST_CHECK(made.skipped() == 1 && made.refusals().empty() && made.rules().empty());
}

BOOST_AUTO_TEST_CASE(loads_all_files_a_pattern_names) {
  const auto folder = std::filesystem::temp_directory_path() / "cresset_ruleset_test";
  std::filesystem::create_directories(folder);
  std::ofstream{folder / "a.rules"} << rule_text("sid:1;");
  std::ofstream{folder / "b.rules"} << rule_text("sid:2;");
  parser reading{variables{}};
  ruleset made{reading};
  made.load((folder / "*.rules").string());
  made.load((folder / "none.rules").string());
  std::filesystem::remove_all(folder);
  BOOST_CHECK(made.rules().size() == 2);
  BOOST_CHECK(made.refusals().size() == 1 && made.refusals()[0].why == errc::unreadable);
}

BOOST_AUTO_TEST_CASE(takes_the_rules_of_every_conformance_case) {
  const std::filesystem::path cases{CRESSET_SHARED "/conformance"};
  if (!std::filesystem::exists(cases))
    return;
  for (const auto& entry : std::filesystem::directory_iterator{cases}) {
    const auto file = entry.path() / "test.rules";
    if (!std::filesystem::exists(file))
      continue;
    parser reading{recorded()};
    ruleset made{reading};
    made.load(file.string());
    BOOST_CHECK_MESSAGE(made.refusals().empty(), file.string() << "\n" << histogram(made));
  }
}

BOOST_AUTO_TEST_CASE(takes_999_of_1000_rules_of_emerging_threats) {
  const std::string packed = CRESSET_SHARED "/data/rules/et-open-2024-12.rules.zst";
  if (!std::filesystem::exists(packed))
    return;
  const auto plain = std::filesystem::temp_directory_path() / "cresset_ruleset_test_et.rules";
  BOOST_REQUIRE(std::system(("zstd -dqf '" + packed + "' -o '" + plain.string() + "'").c_str()) ==
                0);
  parser reading{recorded()};
  ruleset made{reading};
  made.load(plain.string());
  std::filesystem::remove(plain);
  const auto enabled = made.rules().size() + made.refusals().size() + made.skipped();
  BOOST_CHECK(enabled == 41'022 && made.disabled() == 13'889);
  BOOST_CHECK_MESSAGE(made.rules().size() * 1'000 >= enabled * 999, histogram(made));
}

BOOST_AUTO_TEST_SUITE_END()
