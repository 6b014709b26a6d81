#include "detect/sensor/file_store.hpp"

#include "detect/sensor/settings.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <fstream>
#include <iterator>

using namespace cresset;
using namespace cresset::detect::sensor;

namespace {

struct folder {
  folder() {
    std::string name = (std::filesystem::temp_directory_path() / "cresset-store-XXXXXX").string();
    BOOST_REQUIRE(mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~folder() { std::filesystem::remove_all(path); }
  std::filesystem::path path;
  file_store_settings settings() const {
    return {.is_enabled = true, .stores_all = false, .folder = path / "filestore"};
  }
  std::size_t unfinished() const {
    using each = std::filesystem::directory_iterator;
    return static_cast<std::size_t>(std::distance(each{path / "filestore" / "tmp"}, each{}));
  }
};

const std::string digest(64, 'a');

std::string text_of(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

} // namespace

BOOST_AUTO_TEST_SUITE(stored_files)

BOOST_AUTO_TEST_CASE(a_file_that_is_kept_lies_under_its_digest) {
  const folder where;
  file_store store{where.settings()};
  {
    const auto spool = store.open();
    BOOST_REQUIRE(spool);
    spool->append(as_bytes("abc"));
    spool->append(as_bytes("def"));
    BOOST_TEST(spool->keep(digest));
    BOOST_TEST(spool->keep(digest)); // it stays kept
  }
  BOOST_TEST(text_of(where.path / "filestore" / "aa" / digest) == "abcdef");
  BOOST_TEST(store.counters().stored == 1U);
  BOOST_TEST(where.unfinished() == 0U);
}

BOOST_AUTO_TEST_CASE(a_file_that_is_not_kept_leaves_nothing) {
  const folder where;
  file_store store{where.settings()};
  store.open()->append(as_bytes("abc"));
  BOOST_TEST(where.unfinished() == 0U);
}

BOOST_AUTO_TEST_CASE(what_is_no_digest_becomes_no_path) {
  const folder where;
  file_store store{where.settings()};
  for (const auto* name : {"../../../../tmp/x", "", "aa",
                           "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                           "aaaaaaaaaaaaaaaaaaaaaa/."})
    BOOST_TEST(!store.store(as_bytes("abc"), name));
  BOOST_TEST(where.unfinished() == 0U);
}

BOOST_AUTO_TEST_CASE(limits_refuse_and_are_counted) {
  const folder where;
  auto wanted = where.settings();
  wanted.limit_file_bytes = 4;
  wanted.limit_open_files = 1;
  wanted.limit_total_bytes = 6;
  file_store store{wanted};
  {
    const auto spool = store.open();
    BOOST_TEST(!store.open());
    spool->append(as_bytes("abcdef"));
    BOOST_TEST(!spool->keep(digest));
    BOOST_TEST(store.counters().cut == 1U);
  }
  BOOST_TEST(!store.store(as_bytes("xyz"), digest)); // 4 of 6 bytes are written
  BOOST_TEST(store.counters().stored == 0U);
  BOOST_TEST(where.unfinished() == 0U);
}

BOOST_AUTO_TEST_CASE(a_folder_that_cannot_be_made_is_a_mistake_of_the_configuration) {
  const folder where;
  std::ofstream{where.path / "filestore"} << "in the way";
  BOOST_CHECK_THROW(file_store{where.settings()}, configuration_error);
}

BOOST_AUTO_TEST_SUITE_END()
