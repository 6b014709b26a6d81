#include "coord/store/store.hpp"

#include "tests/coord/store/store_fixture.hpp"
#include "tests/support/test_database.hpp"

using namespace cresset;

BOOST_AUTO_TEST_SUITE(coord_store_store)

BOOST_AUTO_TEST_CASE(an_empty_database_is_made_ready_and_one_in_use_is_taken_as_it_is) {
  const auto url = tests::test_cluster::instance().empty_database();
  {
    const auto first = coord::store::store::open(url, 2);
    BOOST_REQUIRE(first);
    BOOST_TEST((*first)->users.is_empty().value());
    BOOST_TEST((*first)->maintain(now(), {}).has_value());
  }
  BOOST_TEST(coord::store::store::open(url, 2).has_value());
}

BOOST_AUTO_TEST_CASE(no_database_is_said_so) {
  const auto none = coord::store::store::open("host=/nonexistent dbname=x", 1);
  BOOST_REQUIRE(!none);
  BOOST_TEST((none.error().why == coord::incident::store_errc::unavailable));
}

BOOST_AUTO_TEST_SUITE_END()
