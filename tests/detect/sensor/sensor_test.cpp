#include "detect/sensor/sensor.hpp"

#include "capture/source/pcap_file.hpp"
#include "detect/sensor/rules.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <fstream>
#include <map>

using namespace cresset;
using namespace cresset::detect::sensor;

namespace {

struct folder {
  folder() {
    std::string name = (std::filesystem::temp_directory_path() / "cresset-sensor-XXXXXX").string();
    path = mkdtemp(name.data());
  }
  ~folder() { std::filesystem::remove_all(path); }
  std::filesystem::path path;
};

/// What a whole sensor made of a capture of tests/data.
struct run_result {
  std::map<std::uint32_t, int> alerts; ///< by sid, as the sink got them
  std::map<std::string, int> events;   ///< by type, as the log has them
  int exit_code = -1;
};

run_result run(const std::string& capture, const std::string& rules,
               const std::vector<std::string>& assignments = {}, bool strict = false) {
  const folder place;
  std::ofstream{place.path / "test.rules"} << rules;
  command_line wanted;
  wanted.capture_file = std::filesystem::path{CRESSET_TEST_DATA} / capture;
  wanted.rule_files = {place.path / "test.rules"};
  settings from;
  for (const auto& assignment : assignments)
    from.set(assignment);
  const auto config = make_config(wanted, from);
  run_result result;
  {
    sensor one{config, load_rules(config, strict), place.path / "log",
               [&](detect::alert::alert a) { ++result.alerts[a.sid]; }, 0.0};
    capture::source::pcap_file source{*wanted.capture_file};
    const std::atomic<bool> stop{false};
    result.exit_code = one.run(source, false, stop);
  }
  std::ifstream log{place.path / "log" / "eve.json"};
  constexpr std::string_view mark = "\"event_type\":\"";
  for (std::string line; std::getline(log, line);) {
    const auto at = line.find(mark);
    BOOST_REQUIRE(at != std::string::npos);
    const auto begin = at + mark.size();
    ++result.events[line.substr(begin, line.find('"', begin) - begin)];
  }
  return result;
}

} // namespace

BOOST_AUTO_TEST_SUITE(sensor_on_captures)

BOOST_AUTO_TEST_CASE(an_attack_over_http_is_an_alert_and_a_log_line) {
  const auto result =
      run("http-attacks.pcap",
          R"(alert http any any -> any any (http.header; content:"${jndi:"; nocase; sid:1;)
alert http any any -> any any (http.uri; content:"UNION"; content:"SELECT"; distance:1; sid:2;)
alert tcp any any -> any any (content:"no such bytes"; sid:3;)
)");
  BOOST_TEST(result.exit_code == 0);
  BOOST_TEST((result.alerts == std::map<std::uint32_t, int>{{1, 1}, {2, 1}}));
  BOOST_TEST(result.events.at("alert") == 2);
  BOOST_TEST(result.events.at("http") == 10);
  BOOST_TEST(result.events.at("flow") == 10);
  BOOST_TEST(result.events.at("stats") == 1);
}

BOOST_AUTO_TEST_CASE(the_naive_plan_says_the_same) {
  const std::string rules =
      R"(alert http any any -> any any (http.uri; content:"/"; startswith; sid:1;)
alert tcp any any -> any any (content:"HTTP/1."; sid:2;)
alert tcp any any -> any any (flags:S; sid:3;)
)";
  const auto scan = run("http-plain.pcap", rules);
  const auto naive = run("http-plain.pcap", rules, {"detect.plan=naive"});
  BOOST_TEST((scan.alerts == naive.alerts));
  BOOST_TEST(scan.alerts.size() == 3U);
}

BOOST_AUTO_TEST_CASE(several_workers_say_the_same) {
  const std::string rules =
      R"(alert http any any -> any any (http.uri; content:"/"; startswith; sid:1;)
alert tcp any any -> any any (content:"HTTP/1."; flowbits:set,web; sid:2;)
alert tcp any any -> any any (flags:S; threshold:type threshold,track by_src,count 2,seconds 60; sid:3;)
alert tcp any any -> any any (flowbits:isset,web; dsize:>1; sid:4;)
)";
  const auto one = run("http-attacks.pcap", rules);
  for (const auto* workers : {"threading.workers=2", "threading.workers=4"}) {
    const auto several = run("http-attacks.pcap", rules, {workers});
    BOOST_TEST(several.exit_code == 0);
    BOOST_TEST((several.alerts == one.alerts));
    BOOST_TEST((several.events == one.events));
  }
}

BOOST_AUTO_TEST_CASE(only_the_events_asked_for_are_written) {
  const auto result =
      run("dns.pcap", "alert dns any any -> any any (dns.query; content:\"example\"; sid:1;)\n",
          {"outputs=[{eve-log: {types: [alert]}}]"});
  BOOST_TEST(result.events.size() == 1U);
  BOOST_TEST(result.events.count("alert") == 1U);
}

BOOST_AUTO_TEST_CASE(strict_rules_are_all_or_nothing) {
  const std::string rules =
      "alert ip any any -> any any (sid:1;)\nalert ip any any -> any any (nonsense; sid:2;)\n";
  BOOST_TEST(run("dns.pcap", rules).exit_code == 0);
  BOOST_CHECK_THROW(run("dns.pcap", rules, {}, true), configuration_error);
}

BOOST_AUTO_TEST_SUITE_END()
