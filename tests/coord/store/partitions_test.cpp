#include "coord/store/partitions.hpp"

#include "coord/store/connection_pool.hpp"
#include "tests/support/test_database.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::coord::store;
using namespace std::chrono_literals;
using tests::test_cluster;

namespace {

const day monday{std::chrono::year{2031} / 3 / 3};

int partitions_of(connection_pool& pool, const std::string& table) {
  const auto found = pool.transact([&](pqxx::work& t) -> expected<int, store_error> {
    return t
        .exec_params1("SELECT count(*) FROM pg_inherits WHERE inhparent = $1::regclass", table)[0]
        .as<int>();
  });
  return found.value_or(-1);
}

} // namespace

BOOST_AUTO_TEST_SUITE(coord_store_partitions)

BOOST_AUTO_TEST_CASE(a_week_ahead_is_made_and_made_again_without_harm) {
  connection_pool pool{test_cluster::instance().fresh_database(), 1};
  const int before = partitions_of(pool, "alert");
  BOOST_REQUIRE(make_partitions(pool, monday));
  BOOST_REQUIRE(make_partitions(pool, monday));
  BOOST_TEST(partitions_of(pool, "alert") == before + 8);
  BOOST_TEST(partitions_of(pool, "alert_evidence") == before + 8);
}

BOOST_AUTO_TEST_CASE(days_older_than_the_retention_go_and_evidence_goes_sooner) {
  connection_pool pool{test_cluster::instance().fresh_database(), 1};
  const auto today = std::chrono::floor<std::chrono::days>(now());
  const int made = partitions_of(pool, "alert");
  const auto gone = expire_partitions(pool, timestamp{today + std::chrono::days{12}},
                                      {std::chrono::days{10}, std::chrono::days{8}});
  BOOST_REQUIRE(gone);
  BOOST_TEST(*gone == 2 + 4);
  BOOST_TEST(partitions_of(pool, "alert") == made - 2);
  BOOST_TEST(partitions_of(pool, "alert_evidence") == made - 4);
}

BOOST_AUTO_TEST_CASE(the_name_of_a_partition_sorts_by_its_day) {
  BOOST_TEST(partition_name("alert", monday) == "alert_20310303");
}

BOOST_AUTO_TEST_SUITE_END()
