#include "coord/store/migrations.hpp"

#include "coord/store/connection_pool.hpp"
#include "tests/support/test_database.hpp"

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

using namespace cresset;
using namespace cresset::coord::store;
using tests::test_cluster;

namespace {

// A released migration is recorded by tests/data/schema/record.py.
constexpr int recorded_versions = 4;

/// Every table with its columns and indexes, as text.
std::string shape_of(const std::string& url) {
  connection_pool pool{url, 1};
  const auto shape = pool.transact([](pqxx::work& t) -> expected<std::string, store_error> {
    return t
        .exec1("SELECT string_agg(x, E'\\n' ORDER BY x) FROM ("
               "SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable "
               "AS x "
               "FROM information_schema.columns WHERE table_schema = 'public' "
               "UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public') s")[0]
        .as<std::string>();
  });
  BOOST_REQUIRE(shape);
  return *shape;
}

std::string recorded(int version) {
  std::ifstream file{fmt::format("{}/schema/{:04}.sql", CRESSET_TEST_DATA, version)};
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

/// Runs statements that may change the connection's settings, on a connection of their own.
void play(const std::string& url, const std::string& statements) {
  pqxx::connection connection{url};
  pqxx::nontransaction direct{connection};
  direct.exec(statements);
}

/// Every table's name, and its rows as text in the given columns.
std::map<std::string, std::multiset<std::string>>
contents_of(const std::string& url, const std::map<std::string, std::string>& columns) {
  pqxx::connection connection{url};
  pqxx::nontransaction direct{connection};
  std::map<std::string, std::multiset<std::string>> contents;
  for (const auto& [table, names] : columns) {
    auto& rows = contents[table];
    for (const auto& row : direct.exec(fmt::format("SELECT ROW({})::text FROM {}", names, table)))
      rows.insert(row[0].as<std::string>());
  }
  return contents;
}

std::map<std::string, std::string> columns_of(const std::string& url) {
  pqxx::connection connection{url};
  pqxx::nontransaction direct{connection};
  std::map<std::string, std::string> columns;
  for (const auto& row : direct.exec(
           "SELECT table_name, string_agg(column_name, ', ' ORDER BY ordinal_position) FROM "
           "information_schema.columns WHERE table_schema = 'public' AND table_name <> "
           "'schema_migration' GROUP BY table_name"))
    columns[row[0].as<std::string>()] = row[1].as<std::string>();
  return columns;
}

} // namespace

BOOST_AUTO_TEST_SUITE(coord_store_migrations)

/// tests/data/schema holds what released migrations left, with rows in every table. A database of
/// that time comes to the newest version with every row as it was.
BOOST_AUTO_TEST_CASE(every_recorded_schema_comes_to_the_newest_with_its_rows) {
  for (int version = 1; version <= recorded_versions; ++version) {
    BOOST_TEST_CONTEXT("from version " << version) {
      const auto url = test_cluster::instance().empty_database();
      play(url, recorded(version));
      const auto columns = columns_of(url);
      const auto before = contents_of(url, columns);
      BOOST_TEST(before.size() >= 4U);
      for (const auto& [table, rows] : before)
        BOOST_TEST(!rows.empty(), table << " was recorded without a row");
      const auto done = migrate(url, embedded_migrations());
      BOOST_REQUIRE_MESSAGE(done, (done ? "" : done.error().text));
      // A migration may bring rows of its own; it loses and changes none.
      for (const auto& [table, rows] : contents_of(url, columns))
        BOOST_TEST(std::ranges::includes(rows, before.at(table)), table << " lost or changed rows");
    }
  }
}

BOOST_AUTO_TEST_CASE(the_numbers_follow_one_another_from_1) {
  int expected_number = 1;
  for (const auto& step : embedded_migrations())
    BOOST_TEST(step.number == expected_number++);
}

BOOST_AUTO_TEST_CASE(from_every_version_the_last_one_has_the_same_shape) {
  const auto all = embedded_migrations();
  const auto whole = test_cluster::instance().empty_database();
  BOOST_REQUIRE(migrate(whole, all));
  const auto wanted = shape_of(whole);
  for (std::size_t version = 0; version <= all.size(); ++version) {
    BOOST_TEST_CONTEXT("from version " << version) {
      const auto url = test_cluster::instance().empty_database();
      const auto first = migrate(url, all.first(version));
      BOOST_REQUIRE(first);
      const auto last = migrate(url, all);
      BOOST_REQUIRE(last);
      BOOST_TEST(*last == all.back().number);
      BOOST_TEST((shape_of(url) == wanted));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_second_run_changes_nothing) {
  const auto url = test_cluster::instance().fresh_database();
  const auto again = migrate(url, embedded_migrations());
  BOOST_REQUIRE(again);
}

BOOST_AUTO_TEST_CASE(a_step_whose_text_changed_is_refused_and_named) {
  const auto url = test_cluster::instance().empty_database();
  const migration before[] = {{1, "0001_one", "CREATE TABLE a (x int)"}};
  const migration after[] = {{1, "0001_one", "CREATE TABLE a (x bigint)"}};
  BOOST_REQUIRE(migrate(url, before));
  const auto refused = migrate(url, after);
  BOOST_REQUIRE(!refused);
  BOOST_TEST((refused.error().why == store_errc::refused));
  BOOST_TEST(refused.error().text.find("0001_one") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_database_newer_than_the_program_is_refused) {
  const auto url = test_cluster::instance().fresh_database();
  const auto refused = migrate(url, embedded_migrations().first(1));
  BOOST_REQUIRE(!refused);
  BOOST_TEST((refused.error().why == store_errc::refused));
}

BOOST_AUTO_TEST_CASE(a_step_that_fails_leaves_nothing_of_itself) {
  const auto url = test_cluster::instance().empty_database();
  const migration steps[] = {{1, "0001_one", "CREATE TABLE a (x int); SELECT 1/0;"}};
  BOOST_TEST(!migrate(url, steps));
  BOOST_TEST(shape_of(url).find("a.x") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
