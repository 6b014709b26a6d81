#include "coord/server/first_login.hpp"

#include "tests/support/test_database.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <sys/stat.h>

using namespace cresset;

BOOST_AUTO_TEST_SUITE(coord_server_first_login)

BOOST_AUTO_TEST_CASE(the_file_is_the_owners_alone_and_never_written_over) {
  const tests::scratch_folder folder;
  const auto file = folder.path() / "login";
  coord::server::tell_first_login(file, "admin", "secret");
  std::ifstream in{file};
  const std::string text{std::istreambuf_iterator<char>{in}, {}};
  BOOST_TEST(text == "login admin\npassword secret\n");
  struct stat status {};
  BOOST_REQUIRE(::stat(file.c_str(), &status) == 0);
  BOOST_TEST((status.st_mode & 0777U) == 0600U);
  BOOST_CHECK_THROW(coord::server::tell_first_login(file, "admin", "other"), std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()
