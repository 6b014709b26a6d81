#include "detect/rule/options/threshold.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::detect::rule::options;
using cresset::detect::rule::text::text_cursor;

BOOST_AUTO_TEST_SUITE(rates_of_alerts)

BOOST_AUTO_TEST_CASE(threshold_takes_its_words_in_any_order) {
  const auto made = parse_threshold(text_cursor{"type both, count 1, seconds 600, track by_src"});
  BOOST_CHECK(made && made->how == threshold::type::both && made->count == 1 &&
              made->seconds == 600 && made->track == tracker::by_src);
  const auto backoff =
      parse_threshold(text_cursor{"type backoff, track by_flow, count 1, multiplier 10"});
  BOOST_CHECK(backoff && backoff->multiplier == 10);
}

BOOST_AUTO_TEST_CASE(threshold_is_refused_when_a_word_is_missing_or_too_many) {
  for (const auto* text :
       {"", "type limit, track by_src, count 1", "track by_src, count 1, seconds 1",
        "type limit, track by_src, seconds 1", "type limit, track frob, count 1, seconds 1",
        "type limit, track by_src, count 0, seconds 1",
        "type frob, track by_src, count 1, seconds 1",
        "type backoff, track by_src, count 1, multiplier 10",
        "type backoff, track by_flow, count 1, seconds 10",
        "type limit, type limit, track by_src, count 1, seconds 1",
        "type limit, track by_src, count 1, seconds 1, multiplier 2"})
    BOOST_CHECK_MESSAGE(!parse_threshold(text_cursor{text}), text);
}

BOOST_AUTO_TEST_CASE(detection_filter_has_no_type) {
  BOOST_CHECK(parse_detection_filter(text_cursor{"track by_src,count 15,seconds 2"})->count == 15);
  BOOST_CHECK(!parse_detection_filter(text_cursor{"type limit,track by_src,count 15,seconds 2"}));
  BOOST_CHECK(!parse_detection_filter(text_cursor{"track by_src,count 15"}));
}

BOOST_AUTO_TEST_SUITE_END()
