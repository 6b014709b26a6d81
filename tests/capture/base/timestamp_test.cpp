#include "capture/base/timestamp.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;

BOOST_AUTO_TEST_SUITE(timestamp_text)

BOOST_AUTO_TEST_CASE(event_logs_get_microseconds_and_stix_milliseconds) {
  const auto t = timestamp_from_ns(1'467'732'849'987'654'321);
  BOOST_TEST(to_eve_time(t) == "2016-07-05T15:34:09.987654+0000");
  BOOST_TEST(to_rfc3339_ms(t) == "2016-07-05T15:34:09.987Z");
}

BOOST_AUTO_TEST_CASE(moments_before_the_epoch_keep_their_order_of_digits) {
  BOOST_TEST(to_rfc3339_ms(timestamp_from_ns(-1)) == "1969-12-31T23:59:59.999Z");
}

BOOST_AUTO_TEST_SUITE_END()
