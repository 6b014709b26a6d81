#include "tests/coord/journal/chain_of.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::coord::journal;

BOOST_AUTO_TEST_SUITE(coord_journal_tombstone)

BOOST_AUTO_TEST_CASE(an_erasure_names_the_entry) {
  const auto chain = tests::chain_of(2);
  const auto erasure =
      seal({2, chain[1].hash}, erasure_of(chain[0], "lead", "asked by the person", chain[1].at),
           random_salt());
  BOOST_TEST(erased_sequence(erasure).value_or(0) == 1);
  BOOST_TEST(!erased_sequence(chain[0]));
}

BOOST_AUTO_TEST_CASE(a_reason_that_looks_like_the_member_is_not_taken_for_it) {
  const auto chain = tests::chain_of(1);
  auto forged = erasure_of(chain[0], "x", "\"erased_sequence\":77}", chain[0].at);
  BOOST_TEST(erased_sequence(seal({}, forged, random_salt())).value_or(0) == 1);
  forged.detail.clear();
  BOOST_TEST(!erased_sequence(seal({}, forged, random_salt())));
}

BOOST_AUTO_TEST_CASE(a_tombstone_keeps_its_hashes_and_nothing_else) {
  const auto chain = tests::chain_of(1);
  const auto stone = tombstone_of(chain[0]);
  BOOST_TEST(!stone.body);
  BOOST_TEST(!stone.salt);
  BOOST_TEST((hash_of_entry(stone) == chain[0].hash));
}

BOOST_AUTO_TEST_SUITE_END()
