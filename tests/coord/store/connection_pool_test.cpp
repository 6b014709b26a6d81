#include "coord/store/connection_pool.hpp"

#include "tests/support/test_database.hpp"

#include <boost/test/unit_test.hpp>

#include <thread>

using namespace cresset;
using namespace cresset::coord::store;
using tests::test_cluster;

BOOST_AUTO_TEST_SUITE(coord_store_connection_pool)

BOOST_AUTO_TEST_CASE(an_error_of_the_work_rolls_back) {
  connection_pool pool{test_cluster::instance().empty_database(), 1};
  const auto made = pool.transact([](pqxx::work& t) -> expected<void, store_error> {
    t.exec("CREATE TABLE kept (x int)");
    return {};
  });
  BOOST_REQUIRE(made);
  const auto failed = pool.transact([](pqxx::work& t) -> expected<void, store_error> {
    t.exec("INSERT INTO kept VALUES (1)");
    return unexpected{store_error{store_errc::refused, "no"}};
  });
  BOOST_TEST((failed.error().why == store_errc::refused));
  const auto rows = pool.transact([](pqxx::work& t) -> expected<std::size_t, store_error> {
    return t.exec("SELECT * FROM kept").size();
  });
  BOOST_TEST(*rows == 0U);
}

BOOST_AUTO_TEST_CASE(an_exception_ends_at_the_wall) {
  connection_pool pool{test_cluster::instance().empty_database(), 1};
  const auto failed = pool.transact([](pqxx::work& t) -> expected<void, store_error> {
    t.exec("SELECT nonsense");
    return {};
  });
  BOOST_TEST((failed.error().why == store_errc::broken));
}

BOOST_AUTO_TEST_CASE(no_server_is_unavailable) {
  connection_pool pool{"host=/nonexistent dbname=x", 1};
  const auto failed = pool.transact([](pqxx::work&) -> expected<void, store_error> { return {}; });
  BOOST_TEST((failed.error().why == store_errc::unavailable));
}

BOOST_AUTO_TEST_CASE(a_connection_that_was_cut_is_replaced) {
  const auto url = test_cluster::instance().empty_database();
  connection_pool pool{url, 1};
  connection_pool other{url, 1};
  const auto pid = [&] {
    return pool.transact([](pqxx::work& t) -> expected<int, store_error> {
      return t.exec1("SELECT pg_backend_pid()")[0].as<int>();
    });
  };
  const auto first = pid();
  BOOST_REQUIRE(first);
  const auto cut = other.transact([&](pqxx::work& t) -> expected<void, store_error> {
    t.exec_params("SELECT pg_terminate_backend($1, 5000)", *first);
    return {};
  });
  BOOST_REQUIRE(cut);
  const auto failed = pid();
  const auto again = failed ? failed : pid();
  BOOST_REQUIRE(again);
  BOOST_TEST(*again != *first);
}

BOOST_AUTO_TEST_CASE(more_threads_than_connections_take_turns) {
  connection_pool pool{test_cluster::instance().empty_database(), 2};
  std::atomic<int> done = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 6; ++i)
    threads.emplace_back([&] {
      const auto answer = pool.transact([](pqxx::work& t) -> expected<int, store_error> {
        return t.exec1("SELECT 1")[0].as<int>();
      });
      done += answer ? *answer : 0;
    });
  threads.clear();
  BOOST_TEST(done == 6);
}

BOOST_AUTO_TEST_SUITE_END()
