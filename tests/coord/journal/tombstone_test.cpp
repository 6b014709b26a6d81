#include "tests/coord/journal/chain_of.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::coord::journal;

namespace {
std::int64_t sequence_of(const entry& erasure) {
  const auto named = erased_by(erasure);
  return named && named->first == named->last ? named->first : 0;
}
} // namespace

BOOST_AUTO_TEST_SUITE(coord_journal_tombstone)

BOOST_AUTO_TEST_CASE(one_erasure_may_stand_for_a_range) {
  const auto written =
      seal({}, erasure_of(erased_range{3, 9}, "retention", "age", {}), random_salt());
  const auto named = erased_by(written);
  BOOST_REQUIRE(named);
  BOOST_TEST(named->first == 3);
  BOOST_TEST(named->last == 9);
  for (const auto* const detail :
       {"\"erased_first\":9,\"erased_last\":3", "\"erased_first\":3",
        "\"erased_first\":3,\"erased_last\":", "\"erased_last\":9,\"erased_first\":3",
        "\"erased_first\":x,\"erased_last\":9"}) {
    event wrong;
    wrong.kind = kind::erased;
    wrong.detail = detail;
    BOOST_TEST_CONTEXT(detail) {
      BOOST_TEST(!erased_by(seal({}, wrong, random_salt())));
    }
  }
}

BOOST_AUTO_TEST_CASE(an_erasure_names_the_entry) {
  const auto chain = tests::chain_of(2);
  const auto erasure =
      seal({2, chain[1].hash}, erasure_of(chain[0], "lead", "asked by the person", chain[1].at),
           random_salt());
  BOOST_TEST(sequence_of(erasure) == 1);
  BOOST_TEST(!erased_by(chain[0]));
}

BOOST_AUTO_TEST_CASE(a_reason_that_looks_like_the_member_is_not_taken_for_it) {
  const auto chain = tests::chain_of(1);
  auto forged = erasure_of(chain[0], "x", "\"erased_sequence\":77}", chain[0].at);
  BOOST_TEST(sequence_of(seal({}, forged, random_salt())) == 1);
  forged.detail.clear();
  BOOST_TEST(!erased_by(seal({}, forged, random_salt())));
}

BOOST_AUTO_TEST_CASE(a_tombstone_keeps_its_hashes_and_nothing_else) {
  const auto chain = tests::chain_of(1);
  const auto stone = tombstone_of(chain[0]);
  BOOST_TEST(!stone.body);
  BOOST_TEST(!stone.salt);
  BOOST_TEST((hash_of_entry(stone) == chain[0].hash));
}

BOOST_AUTO_TEST_SUITE_END()
