#include "detect/rule/options/requires.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::detect::rule::options;
using cresset::detect::rule::text::text_cursor;

namespace {

/// 1 met, 0 not met, -1 refused.
int weigh(std::string_view text, language_version have = {8, 0, 7}) {
  const auto met = is_met(
      text_cursor{text}, [](std::string_view keyword) { return keyword == "sid"; }, have);
  return met ? *met : -1;
}

} // namespace

BOOST_AUTO_TEST_SUITE(requirements)

BOOST_AUTO_TEST_CASE(weigh_versions_in_alternatives) {
  BOOST_CHECK(weigh("version >= 8.0.0, keyword sid") == 1);
  BOOST_CHECK(weigh("version >= 9") == 0);
  BOOST_CHECK(weigh("version >= 7 < 8") == 0);
  BOOST_CHECK(weigh("version >= 7.0.3 < 8 | >= 8.0.5 < 9 | >= 9.0.3") == 1);
  BOOST_CHECK(weigh("version >= 7.0.3 < 8 | >= 9.0.99", {7, 0, 3}) == 1);
  BOOST_CHECK(weigh("version = 8.0.7") == 1);
}

BOOST_AUTO_TEST_CASE(weigh_keywords_and_features_and_do_not_meet_the_unknown) {
  BOOST_CHECK(weigh("keyword foobar") == 0);
  BOOST_CHECK(weigh("feature hyperscan") == 1);
  BOOST_CHECK(weigh("feature geoip") == 0);
  BOOST_CHECK(weigh("weather sunny") == 0);
}

BOOST_AUTO_TEST_CASE(are_refused_when_broken) {
  for (const auto* text :
       {"", "version", "version 8", "version >= x", "version >= 8, version >= 9", "keyword"})
    BOOST_CHECK_MESSAGE(weigh(text) == -1, text);
}

BOOST_AUTO_TEST_SUITE_END()
