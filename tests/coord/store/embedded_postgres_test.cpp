#include "coord/store/embedded_postgres.hpp"

#include "coord/store/connection_pool.hpp"
#include "tests/support/test_database.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <fstream>

using namespace cresset;
using namespace cresset::coord::store;
using tests::scratch_folder;

namespace {

embedded_postgres::options in(const std::filesystem::path& folder) {
  embedded_postgres::options how;
  how.folder = folder;
  how.shared_buffers_mib = 16;
  how.durable = false;
  return how;
}

bool run(const std::string& url, const std::string& statement) {
  connection_pool pool{url, 1};
  return pool
      .transact([&](pqxx::work& t) -> expected<void, store_error> {
        t.exec(statement);
        return {};
      })
      .has_value();
}

std::string refusal_of(const embedded_postgres::options& how) {
  try {
    const embedded_postgres second{how};
  } catch (const embedded_postgres_error& e) {
    return e.what();
  }
  return {};
}

} // namespace

BOOST_AUTO_TEST_SUITE(coord_store_embedded_postgres)

BOOST_AUTO_TEST_CASE(a_cluster_is_made_once_and_keeps_what_was_stored) {
  const scratch_folder folder;
  {
    const embedded_postgres first{in(folder.path() / "pg")};
    BOOST_TEST(run(first.url(), "CREATE TABLE kept (x int)"));
  }
  const embedded_postgres second{in(folder.path() / "pg")};
  BOOST_TEST(run(second.url(), "INSERT INTO kept VALUES (1)"));
}

BOOST_AUTO_TEST_CASE(a_cluster_that_was_killed_is_noticed_and_started_again) {
  const scratch_folder folder;
  embedded_postgres cluster{in(folder.path() / "pg")};
  BOOST_TEST(cluster.is_running());
  BOOST_REQUIRE(run(cluster.url(), "CREATE TABLE kept (x int)"));
  ::kill(cluster.process(), SIGKILL);
  while (cluster.is_running())
    ;
  cluster.start_again();
  BOOST_TEST(cluster.is_running());
  BOOST_TEST(run(cluster.url(), "INSERT INTO kept VALUES (1)"));
}

BOOST_AUTO_TEST_CASE(a_start_that_fails_may_be_tried_again) {
  const scratch_folder folder;
  embedded_postgres cluster{in(folder.path() / "pg")};
  ::kill(cluster.process(), SIGKILL);
  while (cluster.is_running())
    ;
  const auto version = folder.path() / "pg/data/PG_VERSION";
  std::filesystem::rename(version, version.string() + ".away");
  BOOST_CHECK_THROW(cluster.start_again(), embedded_postgres_error);
  std::filesystem::rename(version.string() + ".away", version);
  cluster.start_again();
  BOOST_TEST(run(cluster.url(), "SELECT 1"));
}

BOOST_AUTO_TEST_CASE(a_second_start_on_the_folder_says_so) {
  const scratch_folder folder;
  const embedded_postgres first{in(folder.path() / "pg")};
  const auto said = refusal_of(in(folder.path() / "pg"));
  BOOST_TEST(said.find("another server runs on") != std::string::npos);
  BOOST_TEST(run(first.url(), "SELECT 1"));
}

BOOST_AUTO_TEST_CASE(it_starts_again_after_its_postmaster_was_killed) {
  const scratch_folder folder;
  {
    embedded_postgres first{in(folder.path() / "pg")};
    BOOST_TEST(run(first.url(), "CREATE TABLE kept (x int)"));
    ::kill(first.process(), SIGKILL);
  }
  BOOST_TEST(std::filesystem::exists(folder.path() / "pg/data/postmaster.pid"));
  const embedded_postgres second{in(folder.path() / "pg")};
  BOOST_TEST(run(second.url(), "INSERT INTO kept VALUES (1)"));
}

BOOST_AUTO_TEST_CASE(what_a_killed_initdb_left_is_made_anew) {
  const scratch_folder folder;
  std::filesystem::create_directories(folder.path() / "pg/data.new/base");
  std::ofstream{folder.path() / "pg/data.new/PG_VERSION"} << "15\n";
  const embedded_postgres started{in(folder.path() / "pg")};
  BOOST_TEST(run(started.url(), "SELECT 1"));
}

BOOST_AUTO_TEST_CASE(a_path_too_long_for_a_socket_is_refused_with_the_remedy) {
  const scratch_folder folder;
  const auto said = refusal_of(in(folder.path() / std::string(100, 'x')));
  BOOST_TEST(said.find("choose a state folder of at most") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(missing_binaries_and_the_wrong_user_are_named) {
  const scratch_folder folder;
  auto how = in(folder.path() / "pg");
  how.binaries = "/nonexistent";
  BOOST_TEST(refusal_of(how).find("install postgresql-15") != std::string::npos);
  if (::geteuid() == 0) {
    how = in(folder.path() / "pg");
    how.user = "root";
    BOOST_TEST(refusal_of(how).find("--user") != std::string::npos);
  }
}

BOOST_AUTO_TEST_SUITE_END()
