#include "detect/sensor/settings.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <fstream>
#include <unistd.h>

using namespace cresset::detect::sensor;

namespace {

/// A file that goes away with the test.
struct written_file {
  explicit written_file(std::string_view text) {
    std::string name =
        (std::filesystem::temp_directory_path() / "cresset-settings-XXXXXX").string();
    close(mkstemp(name.data()));
    path = name;
    std::ofstream{path} << text;
  }
  ~written_file() { std::filesystem::remove(path); }
  std::filesystem::path path;
};

std::string why(const auto& call) {
  try {
    call();
  } catch (const configuration_error& error) {
    return error.what();
  }
  return "no error";
}

} // namespace

BOOST_AUTO_TEST_SUITE(settings_values)

BOOST_AUTO_TEST_CASE(the_command_line_lies_over_the_file) {
  const written_file file{"stream: {midstream: no, reassembly: {depth: 2mb}}\n"};
  auto s = settings::from_file(file.path);
  BOOST_TEST(!s.flag("stream.midstream", true));
  s.set("stream.midstream=true");
  BOOST_TEST(s.flag("stream.midstream", false));
  BOOST_TEST(s.size_bytes("stream.reassembly.depth", 1) == 2U << 20);
  BOOST_TEST(s.number("stream.nothing", 7) == 7U);
}

BOOST_AUTO_TEST_CASE(a_variable_keeps_its_brackets_and_marks) {
  settings s;
  s.set("vars.address-groups.HOME_NET=[192.0.2.0/24,!192.0.2.1]");
  s.set("vars.port-groups.SHELLCODE_PORTS=!80");
  s.set("vars.port-groups.HTTP_PORTS=[80, 8080]");
  BOOST_TEST(s.members("vars.address-groups").at("HOME_NET") == "[192.0.2.0/24,!192.0.2.1]");
  BOOST_TEST(s.members("vars.port-groups").at("SHELLCODE_PORTS") == "!80");
  BOOST_TEST(s.members("vars.port-groups").at("HTTP_PORTS") == "[80,8080]");
}

BOOST_AUTO_TEST_CASE(a_wrong_value_names_the_key_and_what_it_takes) {
  settings s;
  s.set("stream.midstream=perhaps");
  s.set("detect.plan=fast");
  s.set("a.number=12x");
  s.set("a.size=4 parsecs");
  BOOST_TEST(why([&] { s.flag("stream.midstream", false); }) ==
             "setting stream.midstream: 'perhaps' is not yes or no");
  BOOST_TEST(why([&] {
               s.one_of("detect.plan", "scan", {"scan", "naive"});
             }) == "setting detect.plan: 'fast' is not one of scan, naive");
  BOOST_TEST(why([&] { s.number("a.number", 0); }) ==
             "setting a.number: '12x' is not a whole number");
  BOOST_TEST(why([&] { s.size_bytes("a.size", 0); }).find("is not a size") != std::string::npos);
  BOOST_TEST(why([&] { s.set("nothing"); }) == "--set nothing: write it as key=value");
}

BOOST_AUTO_TEST_CASE(a_damaged_file_is_refused_with_its_place) {
  const written_file file{"stream:\n  midstream: [1, 2\n"};
  const auto text = why([&] { settings::from_file(file.path); });
  BOOST_TEST(text.find(file.path.string() + ":") != std::string::npos);
  BOOST_TEST(why([] { settings::from_file("/nowhere/at/all.yaml"); }).find("No such file") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(event_types_are_names_or_maps) {
  const written_file file{
      "outputs:\n  - eve-log:\n      types: [alert, {http: {extended: yes}}, stats]\n"};
  const auto types = settings::from_file(file.path).event_types();
  BOOST_REQUIRE(types.has_value());
  BOOST_TEST((*types == std::set<std::string>{"alert", "http", "stats"}));
  BOOST_TEST(!settings{}.event_types().has_value());
}

BOOST_AUTO_TEST_CASE(keys_nobody_asks_for_are_named) {
  settings s;
  s.set("stream.midstrem=yes");
  s.set("stream.midstream=yes");
  s.flag("stream.midstream", false);
  BOOST_TEST((s.unused() == std::vector<std::string>{"stream.midstrem"}));
}

BOOST_AUTO_TEST_CASE(an_output_stands_in_the_list_or_by_itself) {
  const written_file file{"outputs:\n  - eve-log: {types: [alert, files: {force-hash: [md5]}]}\n"
                          "  - file-store: {enabled: yes, dir: a}\n"};
  auto from = settings::from_file(file.path);
  BOOST_TEST(from.output("file-store").text("dir", "") == "a");
  BOOST_TEST(from.log_type("files").list("force-hash").front() == "md5");
  BOOST_TEST(from.log_type("smtp").list("custom").empty());
  from.set("file-store.dir=b");
  BOOST_TEST(from.output("file-store").text("dir", "") == "b");
  BOOST_TEST(from.output("file-store").flag("enabled", false) == false);
  BOOST_TEST(from.unused().empty());
}

BOOST_AUTO_TEST_SUITE_END()
