#include "detect/sensor/options.hpp"

#include <boost/test/unit_test.hpp>

#include <initializer_list>

using namespace cresset::detect::sensor;

namespace {
parsed_command_line parse(std::initializer_list<const char*> arguments) {
  std::vector<const char*> argv{"cresset-sensor"};
  argv.insert(argv.end(), arguments);
  return parse_command_line(static_cast<int>(argv.size()), argv.data());
}
} // namespace

BOOST_AUTO_TEST_SUITE(options_of_the_sensor)

BOOST_AUTO_TEST_CASE(what_operators_know_is_understood) {
  const auto read =
      parse({"-r", "a.pcap", "-S", "one.rules", "-S", "two.rules", "-l", "out", "-k", "none",
             "--set", "stream.midstream=true", "--set", "vars.port-groups.P=[1,2]"});
  BOOST_REQUIRE(read.wanted.has_value());
  BOOST_TEST(read.wanted->capture_file->string() == "a.pcap");
  BOOST_TEST(read.wanted->rule_files.size() == 2U);
  BOOST_TEST(read.wanted->assignments.size() == 2U);
  BOOST_TEST(*read.wanted->checksums == "none");
  BOOST_TEST(read.wanted->log_folder.string() == "out");
}

BOOST_AUTO_TEST_CASE(mistakes_end_with_two) {
  for (const auto& arguments : {std::initializer_list<const char*>{},
                                {"-r"},
                                {"-r", "a", "-i", "eth0"},
                                {"-r", "a", "-k", "perhaps"},
                                {"--nothing"}}) {
    const auto read = parse(arguments);
    BOOST_TEST(!read.wanted.has_value());
    BOOST_TEST(read.exit_code == 2);
  }
}

BOOST_AUTO_TEST_CASE(help_and_version_end_well) {
  BOOST_TEST(parse({"--help"}).exit_code == 0);
  BOOST_TEST(parse({"-V"}).exit_code == 0);
  BOOST_TEST(!parse({"--help"}).wanted.has_value());
}

BOOST_AUTO_TEST_SUITE_END()
