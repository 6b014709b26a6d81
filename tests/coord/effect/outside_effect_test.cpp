#include "coord/effect/outside_effect.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::coord::effect;

BOOST_AUTO_TEST_SUITE(coord_effect_outside_effect)

BOOST_AUTO_TEST_CASE(states_have_their_words) {
  for (const auto state :
       {effect_state::held, effect_state::done, effect_state::cancelled, effect_state::failed})
    BOOST_TEST((effect_state_from(to_string(state)) == state));
  BOOST_TEST(!effect_state_from("gone"));
  BOOST_TEST(to_string(effect_kind::withdrawal) == "withdrawal");
}

BOOST_AUTO_TEST_CASE(the_design_says_ten_seconds) {
  BOOST_TEST(effect_hold.count() == 10);
}

BOOST_AUTO_TEST_SUITE_END()
