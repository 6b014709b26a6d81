#include "coord/api/time_input.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;

namespace {

std::string read(std::string_view text) {
  const auto at = coord::api::time_from(text);
  return at ? to_rfc3339_ms(*at) : "no";
}

} // namespace

BOOST_AUTO_TEST_SUITE(coord_api_time_input)

BOOST_AUTO_TEST_CASE(moments_in_any_zone_and_days_are_read) {
  BOOST_TEST(read("2026-11-21T22:07:38.123Z") == "2026-11-21T22:07:38.123Z");
  BOOST_TEST(read("2026-11-22T04:07:38+06:00") == "2026-11-21T22:07:38.000Z");
  BOOST_TEST(read("2026-11-21T20:07:38.5-02:00") == "2026-11-21T22:07:38.500Z");
  BOOST_TEST(read("2028-02-29") == "2028-02-29T00:00:00.000Z");
}

BOOST_AUTO_TEST_CASE(anything_else_is_refused) {
  for (const auto* const wrong :
       {"", "2026", "2026-13-01", "2027-02-29", "2026-11-21T", "2026-11-21T22:07Z",
        "2026-11-21T24:00:00Z", "2026-11-21T22:07:38", "2026-11-21T22:07:38.Z",
        "2026-11-21T22:07:38Zx", "2026-11-21T22:07:38+6:00", "1969-12-31", "9999-01-01",
        "1970-01-01T00:00:00+01:00"})
    BOOST_TEST(read(wrong) == "no", wrong);
}

BOOST_AUTO_TEST_SUITE_END()
