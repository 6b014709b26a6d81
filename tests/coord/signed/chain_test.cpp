#include "coord/signed/chain.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::coord::signed_;

BOOST_AUTO_TEST_SUITE(chain_rule)

BOOST_AUTO_TEST_CASE(only_the_next_entry_on_the_same_past_continues_a_chain) {
  const chain_position head{4, digest::of("four")};
  BOOST_TEST((judge(head, 5, digest::of("four")) == chain_verdict::next));
  BOOST_TEST((judge(head, 5, digest::of("other")) == chain_verdict::broken));
  BOOST_TEST((judge(head, 6, digest::of("four")) == chain_verdict::gap));
  BOOST_TEST((judge(head, 4, digest::of("three")) == chain_verdict::behind));
  BOOST_TEST((judge(head, 0, digest::of("four")) == chain_verdict::behind));
}

BOOST_AUTO_TEST_CASE(appending_an_entry_moves_the_head_to_its_hash) {
  const auto moved = advance({4, digest::of("four")}, "five");
  BOOST_TEST(moved.length == 5U);
  BOOST_TEST((moved.hash == digest::of("five")));
}

BOOST_AUTO_TEST_SUITE_END()
