#include "coord/quality/suppression.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::coord::quality;
using namespace std::chrono_literals;

namespace {

const timestamp t0 = timestamp_from_ns(1'795'305'600'000'000'000);

suppression example() {
  suppression made;
  made.sid = 7;
  made.reason = "the scanner of our own";
  made.expires = t0 + 24h;
  return made;
}

} // namespace

BOOST_AUTO_TEST_SUITE(coord_quality_suppression)

BOOST_AUTO_TEST_CASE(it_is_said_as_a_threshold_file_says_it) {
  auto what = example();
  BOOST_TEST(threshold_line(what) == "suppress gen_id 1, sig_id 7");
  what.track = suppression_track::by_src;
  what.prefix = "192.0.2.0/24";
  BOOST_TEST(threshold_line(what) == "suppress gen_id 1, sig_id 7, track by_src, ip 192.0.2.0/24");
  BOOST_TEST(objection(what, t0) == "");
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_said) {
  auto what = example();
  what.expires = t0 + 91 * 24h;
  BOOST_TEST(objection(what, t0).find("90 days") != std::string::npos);
  what = example();
  what.reason.clear();
  BOOST_TEST(objection(what, t0).find("reason") != std::string::npos);
  what = example();
  what.prefix = "192.0.2.1";
  BOOST_TEST(!objection(what, t0).empty());
  for (const auto* const wrong : {"192.0.2.1/24", "0.0.0.0/0", "x", "192.0.2.0/33", "192.0.2.0/"}) {
    what = example();
    what.track = suppression_track::by_dst;
    what.prefix = wrong;
    BOOST_TEST(!objection(what, t0).empty(), wrong);
  }
  what = example();
  what.sid = 0;
  BOOST_TEST(!objection(what, t0).empty());
}

BOOST_AUTO_TEST_CASE(tracks_have_their_words) {
  BOOST_TEST((track_from("by_either") == suppression_track::by_either));
  BOOST_TEST(!track_from("by_moon"));
}

BOOST_AUTO_TEST_SUITE_END()
