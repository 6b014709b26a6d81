#include "detect/pattern/database.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::detect::pattern;
using kind = database_error::kind;

BOOST_AUTO_TEST_SUITE(a_database)

BOOST_AUTO_TEST_CASE(refuses_sets_it_cannot_be_made_of) {
  BOOST_CHECK(database::compile({}).error().why == kind::no_patterns);
  const std::vector<pattern> hollow{{"a", 1, false}, {"", 2, false}};
  BOOST_CHECK(database::compile(hollow).error().why == kind::bad_pattern);
  const std::vector<pattern> endless{
      {std::string(database::pattern_limit_bytes + 1, 'a'), 1, false}};
  BOOST_CHECK(database::compile(endless).error().why == kind::bad_pattern);
}

BOOST_AUTO_TEST_CASE(comes_back_from_its_bytes) {
  const std::vector<pattern> patterns{{"abc", 1, false}, {"DEF", 2, true}};
  const auto made = database::compile(patterns);
  BOOST_REQUIRE(made);
  BOOST_CHECK(made->size_bytes() > 0);
  const auto bytes = made->serialise();
  BOOST_REQUIRE(bytes);
  const auto again = database::from_bytes(*bytes);
  BOOST_REQUIRE(again);
  BOOST_CHECK(again->size_bytes() == made->size_bytes());
}

BOOST_AUTO_TEST_CASE(does_not_come_back_from_other_bytes) {
  const std::vector<pattern> patterns{{"abc", 1, false}};
  auto bytes = *database::compile(patterns)->serialise();
  BOOST_CHECK(!database::from_bytes({}));
  BOOST_CHECK(!database::from_bytes(std::span{bytes}.first(bytes.size() / 2)));
  bytes[bytes.size() / 2] ^= std::byte{1};
  BOOST_CHECK(database::from_bytes(bytes).error().why == kind::damaged);
}

BOOST_AUTO_TEST_SUITE_END()
