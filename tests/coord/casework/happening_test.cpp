// The words of happenings, impacts and links.
#include "coord/casework/happening.hpp"

#include "coord/casework/impact.hpp"
#include "coord/casework/incident_move.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::coord::casework;

BOOST_AUTO_TEST_SUITE(coord_casework_happening)

BOOST_AUTO_TEST_CASE(a_status_is_a_word_of_the_standard_and_a_kind_is_a_short_word) {
  BOOST_TEST(is_happening_status("occurred"));
  BOOST_TEST(!is_happening_status("maybe"));
  BOOST_TEST(is_happening_kind("lateral-movement"));
  for (const auto* const wrong : {"", "Two Words", "ы"})
    BOOST_TEST(!is_happening_kind(wrong), wrong);
  BOOST_TEST(!is_happening_kind(std::string(65, 'a')));
}

BOOST_AUTO_TEST_CASE(impacts_and_links_have_their_words) {
  BOOST_TEST(is_impact_category("integrity"));
  BOOST_TEST(!is_impact_category("image"));
  BOOST_TEST(is_link_kind("led-to"));
  BOOST_TEST(!is_link_kind("friend"));
}

BOOST_AUTO_TEST_SUITE_END()
