#include "detect/sensor/event_log.hpp"

#include "detect/sensor/settings.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <fstream>
#include <iterator>

using namespace cresset::detect::sensor;

namespace {
struct folder {
  folder() {
    std::string name = (std::filesystem::temp_directory_path() / "cresset-log-XXXXXX").string();
    path = mkdtemp(name.data());
  }
  ~folder() { std::filesystem::remove_all(path); }
  std::filesystem::path path;
};
} // namespace

BOOST_AUTO_TEST_SUITE(event_log_file)

BOOST_AUTO_TEST_CASE(events_are_appended_a_line_each) {
  const folder f;
  for (int i = 0; i < 2; ++i) {
    event_log log{f.path / "new"};
    log.write(R"({"a":1})");
  }
  std::ifstream in{f.path / "new" / "eve.json"};
  BOOST_TEST((std::string{std::istreambuf_iterator<char>{in}, {}}) == "{\"a\":1}\n{\"a\":1}\n");
}

BOOST_AUTO_TEST_CASE(a_folder_that_cannot_be_written_is_named) {
  const folder f;
  std::ofstream{f.path / "file"} << "x";
  BOOST_CHECK_THROW(event_log{f.path / "file"}, configuration_error);
}

BOOST_AUTO_TEST_CASE(a_full_disk_loses_events_and_counts_them) {
  const folder f;
  std::filesystem::create_symlink("/dev/full", f.path / "eve.json");
  event_log log{f.path};
  log.write("{}");
  log.write("{}");
  log.flush();
  BOOST_TEST(log.lost_events() == 2U);
  BOOST_TEST(log.written_events() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
