#include "coord/server/own_key.hpp"

#include "tests/support/test_database.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>

using namespace cresset;

BOOST_AUTO_TEST_SUITE(coord_server_own_key)

BOOST_AUTO_TEST_CASE(it_is_made_once_with_its_public_half_beside_it) {
  const tests::scratch_folder folder;
  const auto first = coord::server::own_ingest_key(folder.path());
  const auto again = coord::server::own_ingest_key(folder.path());
  BOOST_TEST((first.secret_key == again.secret_key));
  const auto shown = load_key_file(folder.path() / "ingest.pub");
  BOOST_REQUIRE(shown);
  BOOST_TEST(!shown->has_secret());
  BOOST_TEST((shown->public_key == first.public_key));
}

BOOST_AUTO_TEST_CASE(a_damaged_key_is_named_and_not_replaced) {
  const tests::scratch_folder folder;
  std::ofstream{folder.path() / "ingest.key"} << "nonsense\n";
  std::filesystem::permissions(folder.path() / "ingest.key", std::filesystem::perms{0600});
  BOOST_CHECK_EXCEPTION(
      (void)coord::server::own_ingest_key(folder.path()), std::runtime_error,
      [&](const auto& e) { return std::string{e.what()}.find("ingest.key") != std::string::npos; });
}

BOOST_AUTO_TEST_SUITE_END()
