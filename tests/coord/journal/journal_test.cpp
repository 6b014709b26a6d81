#include "tests/coord/journal/chain_of.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::coord::journal;

BOOST_AUTO_TEST_SUITE(coord_journal_journal)

BOOST_AUTO_TEST_CASE(each_entry_names_the_hash_of_the_one_before) {
  const auto chain = tests::chain_of(3);
  BOOST_TEST((chain[0].previous == coord::signed_::digest{}));
  BOOST_TEST((chain[1].previous == chain[0].hash));
  BOOST_TEST(chain[2].sequence == 3);
}

BOOST_AUTO_TEST_CASE(a_body_is_json_with_its_text_escaped) {
  event what;
  what.by = "x";
  what.text = "say \"no\"";
  BOOST_TEST(body_of(what) == R"({"by":"x","text":"say \"no\""})");
  what.detail = "\"to\":\"closed\"";
  BOOST_TEST(body_of(what) == R"({"by":"x","text":"say \"no\"","to":"closed"})");
}

BOOST_AUTO_TEST_CASE(the_same_body_hashes_differently_with_another_salt) {
  BOOST_TEST((hash_of_body(random_salt(), "x") != hash_of_body(random_salt(), "x")));
}

// Worked out with Python's hashlib from the layout in docs/database.md.
BOOST_AUTO_TEST_CASE(the_hash_is_the_documented_one) {
  event what;
  what.kind = kind::incident_note;
  what.at = timestamp_from_ns(1'000'000'000);
  what.incident = {5};
  what.by = "x";
  what.text = "y";
  const auto first = seal({}, what, salt{});
  BOOST_TEST(first.hash.hex() ==
             "43401ea6e5489deffd7348a214ca5151c54dbcc4e04a6c749325436e20c25c2a");
}

BOOST_AUTO_TEST_SUITE_END()
