#include "coord/journal/checkpoint.hpp"
#include "tests/coord/journal/chain_of.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace cresset;
using namespace cresset::coord::journal;

namespace {

std::vector<finding> verify(const std::vector<entry>& chain,
                            std::optional<checkpoint> known = std::nullopt) {
  verifier reader{std::move(known)};
  for (const auto& e : chain)
    reader.read(e);
  return reader.finish();
}

bool finds(const std::vector<finding>& all, std::int64_t sequence, fault what) {
  return std::ranges::any_of(
      all, [&](const finding& f) { return f.sequence == sequence && f.what == what; });
}

} // namespace

BOOST_AUTO_TEST_SUITE(coord_journal_checkpoint)

BOOST_AUTO_TEST_CASE(a_sound_chain_has_no_findings) {
  const auto chain = tests::chain_of(20);
  BOOST_TEST(verify(chain).empty());
  BOOST_TEST(verify(chain, checkpoint{{7, chain[6].hash}}).empty());
  BOOST_TEST(verify({}).empty());
}

BOOST_AUTO_TEST_CASE(every_change_of_any_field_is_found_at_its_entry) {
  const auto sound = tests::chain_of(5);
  const auto changed = [&](auto&& change) {
    auto chain = sound;
    change(chain[2]);
    return verify(chain);
  };
  BOOST_TEST(finds(changed([](entry& e) { e.at += std::chrono::nanoseconds{1}; }), 3,
                   fault::entry_changed));
  BOOST_TEST(finds(changed([](entry& e) { e.kind = "decision"; }), 3, fault::entry_changed));
  BOOST_TEST(finds(changed([](entry& e) { e.incident = {9}; }), 3, fault::entry_changed));
  BOOST_TEST(finds(changed([](entry& e) { e.group = {9}; }), 3, fault::entry_changed));
  BOOST_TEST(finds(changed([](entry& e) { e.body->back() = ' '; }), 3, fault::body_changed));
  BOOST_TEST(
      finds(changed([](entry& e) { (*e.salt)[0] ^= std::byte{1}; }), 3, fault::body_changed));
  BOOST_TEST(finds(changed([](entry& e) { e.body.reset(); }), 3, fault::body_missing));
  BOOST_TEST(finds(changed([](entry& e) { e.sequence = 4; }), 4, fault::gap));
}

BOOST_AUTO_TEST_CASE(a_rewritten_entry_with_its_own_hashes_made_right_breaks_the_next) {
  auto chain = tests::chain_of(5);
  chain[2].body = "{}";
  chain[2].body_hash = hash_of_body(*chain[2].salt, *chain[2].body);
  chain[2].hash = hash_of_entry(chain[2]);
  BOOST_TEST(finds(verify(chain), 4, fault::chain_broken));
}

BOOST_AUTO_TEST_CASE(a_removed_entry_leaves_a_gap) {
  auto chain = tests::chain_of(5);
  chain.erase(chain.begin() + 2);
  BOOST_TEST(finds(verify(chain), 4, fault::gap));
  BOOST_TEST(finds(verify(chain), 4, fault::chain_broken));
}

BOOST_AUTO_TEST_CASE(a_cut_or_rewritten_tail_shows_against_the_checkpoint) {
  const auto chain = tests::chain_of(5);
  const auto other = tests::chain_of(5);
  BOOST_TEST(finds(verify({chain.begin(), chain.begin() + 3}, checkpoint{{5, chain[4].hash}}), 3,
                   fault::checkpoint_cut));
  BOOST_TEST(finds(verify(other, checkpoint{{5, chain[4].hash}}), 5, fault::checkpoint_differs));
}

BOOST_AUTO_TEST_CASE(an_erased_body_verifies_as_a_tombstone) {
  auto chain = tests::chain_of(3);
  chain.push_back(
      seal({3, chain[2].hash}, erasure_of(chain[1], "lead", "law", chain[2].at), random_salt()));
  chain[1] = tombstone_of(chain[1]);
  BOOST_TEST(verify(chain).empty());
  chain[0] = tombstone_of(chain[0]);
  BOOST_TEST(finds(verify(chain), 1, fault::body_missing));
}

BOOST_AUTO_TEST_CASE(a_checkpoint_reads_back) {
  const auto chain = tests::chain_of(1);
  const checkpoint written{{1, chain[0].hash}};
  const auto read = checkpoint::parse(written.to_string());
  BOOST_REQUIRE(read);
  BOOST_TEST((read->end == written.end));
  for (const auto* const text : {"", "1", "x 00", "0 00", "-1 00"})
    BOOST_TEST(!checkpoint::parse(text));
}

BOOST_AUTO_TEST_SUITE_END()
