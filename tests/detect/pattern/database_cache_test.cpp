#include "detect/pattern/database_cache.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <iterator>
#include <string>

using namespace cresset::detect::pattern;

namespace {

/// A folder of its own for each case, gone at the end.
struct folder {
  folder()
      : path{std::filesystem::temp_directory_path() /
             ("cresset_cache_" +
              boost::unit_test::framework::current_test_case().full_name().substr(12))} {
    std::filesystem::remove_all(path);
  }
  ~folder() { std::filesystem::remove_all(path); }
  std::filesystem::path only_file() const {
    return std::filesystem::directory_iterator {
      path
      } -> path();
  }
  std::filesystem::path path;
};

const std::vector<pattern> patterns{{"abc", 1, false}, {"DEF", 2, true}};

} // namespace

BOOST_AUTO_TEST_SUITE(the_disk_cache)

BOOST_AUTO_TEST_CASE(compiles_once_and_loads_then) {
  const folder here;
  database_cache first{here.path};
  BOOST_REQUIRE(first.load_or_compile(patterns));
  BOOST_CHECK(first.misses() == 1 && first.hits() == 0 && first.write_failures() == 0);
  database_cache second{here.path};
  BOOST_REQUIRE(second.load_or_compile(patterns));
  BOOST_CHECK(second.hits() == 1 && second.misses() == 0);
  BOOST_CHECK(std::distance(std::filesystem::directory_iterator{here.path}, {}) == 1);
}

BOOST_AUTO_TEST_CASE(takes_another_set_for_another) {
  const folder here;
  database_cache made{here.path};
  auto other = patterns;
  other[0].id = 9;
  BOOST_REQUIRE(made.load_or_compile(patterns) && made.load_or_compile(other));
  BOOST_REQUIRE(made.load_or_compile(patterns, {.single_match = true}));
  BOOST_CHECK(made.misses() == 3 && made.hits() == 0);
}

BOOST_AUTO_TEST_CASE(never_uses_a_damaged_file) {
  const folder here;
  database_cache made{here.path};
  BOOST_REQUIRE(made.load_or_compile(patterns));
  const auto file = here.only_file();
  const auto size = std::filesystem::file_size(file);
  for (const auto at : {std::uintmax_t{0}, std::uintmax_t{15}, size / 2, size - 1}) {
    std::fstream bytes{file, std::ios::in | std::ios::out | std::ios::binary};
    bytes.seekg(static_cast<std::streamoff>(at));
    const auto byte = static_cast<char>(bytes.get() ^ 1);
    bytes.seekp(static_cast<std::streamoff>(at));
    bytes.put(byte);
    bytes.close();
    const auto before = made.damaged();
    BOOST_REQUIRE(made.load_or_compile(patterns));
    BOOST_CHECK(made.damaged() == before + 1);
  }
  std::filesystem::resize_file(file, 10);
  BOOST_REQUIRE(made.load_or_compile(patterns));
  BOOST_CHECK(made.damaged() == 5 && made.hits() == 0);
  BOOST_REQUIRE(made.load_or_compile(patterns));
  BOOST_CHECK(made.hits() == 1);
}

BOOST_AUTO_TEST_CASE(compiles_where_it_cannot_write) {
  const folder here;
  std::ofstream{here.path} << "a file, no folder";
  database_cache made{here.path};
  BOOST_REQUIRE(made.load_or_compile(patterns));
  BOOST_CHECK(made.write_failures() == 1);
  database_cache none{{}};
  BOOST_CHECK(none.load_or_compile(patterns) && none.misses() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
