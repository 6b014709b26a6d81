#include "coord/clock/deadline_table.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <sstream>

using namespace cresset::coord::clock;
using namespace std::chrono_literals;

namespace {

std::string refusal(const std::string& yaml) {
  const auto read = parse_deadline_table(yaml, "t");
  BOOST_REQUIRE_MESSAGE(!read, yaml);
  return read.error();
}

std::string with_deadline(const std::string& deadline) {
  return "regimes:\n  - id: a\n    title: A\n    deadlines:\n      - {" + deadline + "}\n";
}

} // namespace

BOOST_AUTO_TEST_SUITE(coord_clock_deadline_table)

BOOST_AUTO_TEST_CASE(the_shipped_table_is_read) {
  std::ifstream in{std::string{CRESSET_SOURCE} + "/appliance/config/deadlines.yaml"};
  std::stringstream text;
  text << in.rdbuf();
  const auto table = parse_deadline_table(text.str(), "deadlines.yaml");
  BOOST_REQUIRE_MESSAGE(table, (table ? "" : table.error()));
  BOOST_TEST(table->regimes.size() == 3U);
  BOOST_TEST(table->regimes[1].severity_from == 70);
  BOOST_TEST((table->regimes[1].deadlines[1].from == clock_kind::acknowledged));
  BOOST_TEST((table->regimes[1].deadlines[1].within == 2h));
  BOOST_TEST((table->regimes[2].deadlines[2].warn == 72h));
  BOOST_TEST(table->call_out.empty());
}

BOOST_AUTO_TEST_CASE(the_call_out_list_is_put_in_the_order_of_its_times) {
  const auto table =
      parse_deadline_table("call_out:\n  - {after: 15m, webhooks: ['https://b.example/x']}\n  - "
                           "{after: 0s, mail: [a@b.example]}\n",
                           "t");
  BOOST_REQUIRE(table);
  BOOST_REQUIRE(table->call_out.size() == 2U);
  BOOST_TEST(table->call_out[0].mail.at(0) == "a@b.example");
  BOOST_TEST((table->call_out[1].after == 15min));
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_named_with_its_line) {
  BOOST_TEST(refusal(with_deadline("clock: acknowledged, within: 0s")) ==
             "t:5: a deadline needs within: 30m");
  BOOST_TEST(refusal(with_deadline("clock: acknowledged, within: 10m, warn: 10m"))
                 .find("warn is not shorter") != std::string::npos);
  BOOST_TEST(refusal(with_deadline("clock: tea, within: 10m")).find("'tea' is no clock") !=
             std::string::npos);
  BOOST_TEST(
      refusal(with_deadline("clock: aware, from: aware, within: 10m")).find("not counted from") !=
      std::string::npos);
  BOOST_TEST(refusal(with_deadline("clock: closed, within: 367d")).find("at most 366d") !=
             std::string::npos);
  BOOST_TEST(refusal(with_deadline("clock: closed, within: -1h")).find("is no time") !=
             std::string::npos);
  BOOST_TEST(refusal(with_deadline("clock: closed, within: 9999999999999h")).find("is no time") !=
             std::string::npos);
  BOOST_TEST(refusal(with_deadline("clock: closed, within: 1h, colour: red"))
                 .find("unknown key 'colour'") != std::string::npos);
  BOOST_TEST(refusal("regimes:\n  - {id: A, title: x, deadlines: []}").find("needs an id") !=
             std::string::npos);
  BOOST_TEST(refusal("regimes:\n  - {id: a, title: x, deadlines: []}")
                 .find("needs a title and deadlines") != std::string::npos);
  BOOST_TEST(refusal("regimes:\n  - {id: a, severity_from: 101}").find("0 to 100") !=
             std::string::npos);
  BOOST_TEST(refusal("regimes:\n  - {id: a, classes: [nonsense]}").find("no class of RSIT") !=
             std::string::npos);
  BOOST_TEST(refusal("regimes: 7").find("a list of at most") != std::string::npos);
  BOOST_TEST(refusal("call_out:\n  - {after: 1m, mail: [nobody]}").find("is no address") !=
             std::string::npos);
  BOOST_TEST(
      refusal("call_out:\n  - {after: 1m, mail: ['a@b\r\nBcc: c@d']}").find("is no address") !=
      std::string::npos);
  BOOST_TEST(refusal("call_out:\n  - {after: 1m, webhooks: ['file:///etc/passwd']}")
                 .find("does not begin with") != std::string::npos);
  BOOST_TEST(refusal("[").find("t:") == 0U);
  BOOST_TEST(refusal(std::string(300 * 1024, ' ')).find("longer than") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(nothing_stands_twice) {
  const std::string one = "  - {id: a, title: x, deadlines: [{clock: closed, within: 1h}]}\n";
  BOOST_TEST(refusal("regimes:\n" + one + one).find("id a stands twice") != std::string::npos);
  BOOST_TEST(refusal("regimes:\n  - {id: a, title: x, deadlines: [{clock: closed, within: 1h}, "
                     "{clock: closed, within: 2h}]}")
                 .find("two deadlines for closed") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
