#include "coord/server/config.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <unistd.h>

using namespace cresset::coord::server;

namespace {

std::string refusal(const std::vector<std::string>& arguments) {
  try {
    (void)read_command_line(arguments);
  } catch (const config_error& e) {
    return e.what();
  }
  return {};
}

struct file {
  explicit file(std::string_view text) {
    std::string name = "/tmp/cresset-config-XXXXXX";
    const int handle = ::mkstemp(name.data());
    if (handle >= 0)
      ::close(handle);
    path = name;
    std::ofstream{path} << text;
  }
  ~file() { std::filesystem::remove(path); }
  std::filesystem::path path;
};

} // namespace

BOOST_AUTO_TEST_SUITE(coord_server_config)

BOOST_AUTO_TEST_CASE(options_keys_and_file_say_the_same_and_the_command_line_wins) {
  const file yaml{"https: 127.0.0.1:1\nretention:\n  alerts: 30\ningest: tcp://*:0\n"};
  const auto line = read_command_line({"--config", yaml.path.string(), "--https=[::1]:0", "--state",
                                       "/tmp/s", "--set", "retention.evidence=3"});
  BOOST_TEST(line.settings.https_address == "::1");
  BOOST_TEST(line.settings.https_port == 0);
  BOOST_TEST(line.settings.ingest == "tcp://*:0");
  using cresset::coord::retention::data_class;
  BOOST_TEST(line.settings.keep.of(data_class::alerts).count() == 30);
  BOOST_TEST(line.settings.keep.of(data_class::evidence).count() == 3);
  BOOST_TEST(line.settings.keep.of(data_class::journal_bodies).count() == 0);
  BOOST_TEST(line.settings.partners == "/tmp/s/partners");
}

BOOST_AUTO_TEST_CASE(a_command_has_options_of_its_own) {
  const auto line =
      read_command_line({"sensor", "add", "--name", "s1", "--state", "/tmp/s", "--key", "f"});
  BOOST_TEST(line.command.size() == 2U);
  BOOST_TEST(line.option("name") == "s1");
  BOOST_TEST(line.option("key") == "f");
  BOOST_TEST(line.option("other") == "");
  BOOST_TEST(line.settings.state == "/tmp/s");
}

BOOST_AUTO_TEST_CASE(a_wrong_value_names_its_key_and_the_remedy) {
  const std::pair<std::vector<std::string>, std::string> cases[] = {
      {{"--https", "8443"}, "https: '8443' is no address: write ADDRESS:PORT"},
      {{"--https", "127.0.0.1:70000"}, "https: '70000' is no number from 0 to 65535"},
      {{"--ingest", "127.0.0.1:1"},
       "ingest: '127.0.0.1:1' is no address: write tcp://ADDRESS:PORT"},
      {{"--ingest", "tcp://127.0.0.1:x"}, "ingest: 'x' is no number"},
      {{"--retention.alerts", "0"}, "retention.alerts: '0' is no number from 1 to 3650"},
      {{"--colour", "red"}, "unknown key 'colour': --help lists them"},
      {{"--state"}, "--state needs a value"},
      {{"--set", "state"}, "write key=value"},
      {{"--state", "a", "b"}, "'b' is no option"},
      {{"--config", "/nonexistent"}, "cannot read /nonexistent"},
  };
  for (const auto& [arguments, expected] : cases)
    BOOST_TEST(refusal(arguments).find(expected) != std::string::npos, refusal(arguments));
}

BOOST_AUTO_TEST_CASE(a_wrong_file_is_named) {
  const file unknown{"htps: 1\n"};
  BOOST_TEST(refusal({"--config", unknown.path.string()})
                 .find(unknown.path.string() + ": unknown key 'htps'") != std::string::npos);
  const file broken{"a: [\n"};
  BOOST_TEST(refusal({"--config", broken.path.string()}).starts_with(broken.path.string() + ":"));
}

BOOST_AUTO_TEST_CASE(help_names_every_key) {
  BOOST_TEST(read_command_line({"--help"}).help);
  for (const auto* const key : {"--state", "--database", "--retention.evidence", "sensor add"})
    BOOST_TEST(usage().find(key) != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
