#include "coord/api/clock/deadline_cursor.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::coord;
using api::clock::deadline_key_from;

BOOST_AUTO_TEST_SUITE(coord_api_clock_deadline_cursor)

BOOST_AUTO_TEST_CASE(a_cursor_comes_back_as_the_row_it_was_made_of) {
  const coord::clock::deadline_key key{timestamp_from_ns(1'700'000'000'000'000'000),
                                       {42},
                                       "national-grave",
                                       coord::clock::clock_kind::contained};
  const auto read = deadline_key_from(api::clock::to_cursor(key));
  BOOST_REQUIRE(read);
  BOOST_TEST((read->due == key.due));
  BOOST_TEST((read->incident == key.incident));
  BOOST_TEST(read->regime == key.regime);
  BOOST_TEST((read->clock == key.clock));
}

BOOST_AUTO_TEST_CASE(anything_else_is_no_cursor) {
  const std::string good =
      api::clock::to_cursor({timestamp_from_ns(1), {42}, "a", coord::clock::clock_kind::closed});
  BOOST_TEST(deadline_key_from(good).has_value());
  for (const auto& bad : {std::string{}, std::string{"d"}, "x" + good.substr(1), good + "'",
                          good.substr(0, good.size() - 1), good + std::string(64, 'a'),
                          "dg" + good.substr(2), "df" + good.substr(2)})
    BOOST_TEST(!deadline_key_from(bad).has_value(), bad);
  auto far = good;
  far[34] = '7';
  BOOST_TEST(!deadline_key_from(far).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
