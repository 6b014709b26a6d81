// Tamper cases: every class of byte that an entry has, changed, is refused with its own reason.
#include "coord/federation/incoming_stream.hpp"

#include "tests/coord/federation/two_servers.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::coord;
using namespace cresset::coord::federation;
namespace ex = federation::example;

namespace {

struct reception : ex::two_servers {
  ingress_gate gate;
  incoming_stream stream{south.self.id(), south.partner, south.store};
  std::vector<stream_entry> entries;

  reception() {
    for (int i = 0; i < 3; ++i)
      BOOST_REQUIRE(north.write(now.wall).has_value());
    for (const auto& kept : north.sent().entries)
      entries.push_back(kept.entry);
    BOOST_REQUIRE(stream.load().has_value());
    BOOST_REQUIRE(stream.open_epoch(north.sent().epochs[0].opening).has_value());
  }
  expected<taken, refused> push(const stream_entry& entry) {
    return stream.push({entry, north.sent().head.epoch}, gate);
  }
  refusal refused_with(const stream_entry& entry) {
    const auto outcome = push(entry);
    BOOST_REQUIRE(!outcome.has_value());
    BOOST_TEST(outcome.error().raised.has_value() ==
               (outcome.error().reason != refusal::out_of_order &&
                outcome.error().reason != refusal::busy));
    return outcome.error().reason;
  }
  /// The first entry with its envelope stated anew and signed by `key`.
  stream_entry restated(const signed_::signing_key& key, auto change) {
    auto stated = read_envelope(entries[0].envelope)->stated;
    change(stated);
    return {stated.at.sequence, sign(stated, key), entries[0].content};
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(federation_incoming_stream, reception)

BOOST_AUTO_TEST_CASE(untouched_entries_pass_in_order) {
  for (const auto& entry : entries)
    BOOST_TEST(push(entry).has_value());
  BOOST_TEST(stream.commit().has_value());
  BOOST_TEST((stream.committed() == north.sent().head));
}

BOOST_AUTO_TEST_CASE(each_changed_byte_of_an_envelope_is_refused) {
  for (std::size_t i = 0; i < entries[0].envelope.size(); ++i) {
    auto changed = entries[0];
    changed.envelope[i] = static_cast<char>(changed.envelope[i] ^ 1);
    BOOST_TEST(!push(changed).has_value(), "byte " << i << " of " << changed.envelope);
  }
  BOOST_TEST(stream.pending() == 0U);
}

BOOST_AUTO_TEST_CASE(each_changed_byte_of_a_seal_or_a_body_is_refused) {
  for (std::size_t i = 0; i < entries[0].content.seal_bytes.size(); i += 7) {
    auto changed = entries[0];
    changed.content.seal_bytes[i] = static_cast<char>(changed.content.seal_bytes[i] ^ 1);
    BOOST_TEST((refused_with(changed) == refusal::hash_mismatch));
  }
  for (std::size_t i = 0; i < entries[0].content.body.size(); ++i) {
    auto changed = entries[0];
    changed.content.body[i] = static_cast<char>(changed.content.body[i] ^ 1);
    BOOST_TEST((refused_with(changed) == refusal::hash_mismatch));
  }
}

BOOST_AUTO_TEST_CASE(each_statement_of_the_envelope_is_held_to_its_meaning) {
  const auto& key = north.self.key;
  BOOST_TEST((refused_with(restated(key, [](envelope& e) { e.to = ex::north_id; })) ==
              refusal::wrong_stream));
  BOOST_TEST((refused_with(restated(key, [](envelope& e) { e.from = ex::south_id; })) ==
              refusal::wrong_stream));
  BOOST_TEST((refused_with(restated(key, [](envelope& e) { e.at.epoch = std::string(32, 'a'); })) ==
              refusal::malformed));
  BOOST_TEST(
      (refused_with(restated(key, [](envelope& e) { e.at.hash = {}; })) == refusal::chain_broken));
  BOOST_TEST(
      (refused_with(restated(key, [](envelope& e) { e.object = {}; })) == refusal::hash_mismatch));
  BOOST_TEST((refused_with(restated(key, [](envelope& e) { e.at.sequence = 5; })) ==
              refusal::out_of_order));
}

BOOST_AUTO_TEST_CASE(a_key_that_is_not_in_force_signs_nothing) {
  const auto thief = ex::key_from(77);
  BOOST_TEST((refused_with(restated(thief, [](envelope&) {})) == refusal::unknown_key));
  BOOST_TEST((refused_with(restated(ex::key_from(10), [](envelope&) {})) ==
              refusal::unknown_key)); // the identity key
}

BOOST_AUTO_TEST_CASE(the_header_must_say_what_the_envelope_says) {
  auto renumbered = entries[0];
  renumbered.sequence = 2;
  BOOST_TEST((refused_with(renumbered) == refusal::malformed));
}

BOOST_AUTO_TEST_CASE(a_gap_is_out_of_order_and_asks_for_the_next_one) {
  const auto outcome = push(entries[1]);
  BOOST_REQUIRE(!outcome.has_value());
  BOOST_TEST((outcome.error().reason == refusal::out_of_order));
  BOOST_TEST(outcome.error().sentence.find("entry 1 is the next one") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_same_bytes_again_are_a_duplicate_pending_or_committed) {
  BOOST_REQUIRE(push(entries[0]).has_value());
  BOOST_TEST((*push(entries[0]) == taken::duplicate));
  BOOST_REQUIRE(stream.commit().has_value());
  BOOST_TEST((*push(entries[0]) == taken::duplicate));
  BOOST_TEST(south.received().entries.size() == 1U);
}

BOOST_AUTO_TEST_CASE(two_entries_under_one_sequence_are_equivocation_with_both_as_evidence) {
  BOOST_REQUIRE(push(entries[0]).has_value());
  BOOST_REQUIRE(stream.commit().has_value());
  const auto other =
      restated(north.self.key, [](envelope& e) { e.released = "2026-11-21T23:00:00.000Z"; });
  const auto outcome = push(other);
  BOOST_REQUIRE(!outcome.has_value());
  BOOST_TEST((outcome.error().reason == refusal::equivocation));
  BOOST_REQUIRE(outcome.error().raised->evidence.size() == 2U);
  BOOST_TEST(outcome.error().raised->evidence[0] == entries[0].envelope);
  BOOST_TEST(outcome.error().raised->evidence[1] == other.envelope);
}

BOOST_AUTO_TEST_CASE(one_object_with_two_bodies_is_equivocation) {
  BOOST_REQUIRE(push(entries[0]).has_value());
  const signed_::seal stated{"test:thing", "thing--0", "", {}, {}, signed_::onward_terms::ask,
                             ex::north_id};
  const auto forged = *seal_object(stated, R"({"id":"thing--0","text":"other"})", north.self.key);
  envelope made{ex::north_id,
                ex::south_id,
                {north.sent().head.epoch, 2, signed_::digest::of(entries[0].envelope)},
                signed_::digest::of(forged.seal_bytes),
                {},
                ""};
  BOOST_TEST((refused_with({2, sign(made, north.self.key), forged}) == refusal::equivocation));
  BOOST_REQUIRE(stream.commit().has_value());
  BOOST_TEST((refused_with({2, sign(made, north.self.key), forged}) == refusal::equivocation));
}

BOOST_AUTO_TEST_CASE(an_object_of_another_origin_is_refused) {
  const signed_::seal stated{"test:thing", "thing--9", "", {}, {}, signed_::onward_terms::ask,
                             ex::south_id};
  const auto foreign = *seal_object(stated, R"({"id":"thing--9"})", north.self.key);
  envelope made{ex::north_id,
                ex::south_id,
                read_envelope(entries[0].envelope)->stated.at,
                signed_::digest::of(foreign.seal_bytes),
                {},
                ""};
  BOOST_TEST((refused_with({1, sign(made, north.self.key), foreign}) == refusal::unknown_key));
}

BOOST_AUTO_TEST_CASE(an_opening_under_another_identity_key_is_refused) {
  const auto thief = ex::identity(ex::north_id, "north-cert", 50, 9);
  opening made{ex::north_id, ex::south_id, new_epoch_id(), thief.record, stream.committed(), ""};
  const auto outcome = stream.open_epoch(sign(made, thief.key));
  BOOST_REQUIRE(!outcome.has_value());
  BOOST_TEST((outcome.error().reason == refusal::bad_key_record));
}

BOOST_AUTO_TEST_CASE(an_opening_with_an_older_record_than_one_seen_is_refused) {
  const auto newer = ex::identity(ex::north_id, "north-cert", 10, 3, 98);
  opening made{ex::north_id, ex::south_id, new_epoch_id(), newer.record, stream.committed(), ""};
  BOOST_REQUIRE(stream.open_epoch(sign(made, newer.key)).has_value());
  BOOST_TEST(stream.take_renewed().has_value());
  opening older{ex::north_id,      ex::south_id,       new_epoch_id(),
                north.self.record, stream.committed(), ""};
  const auto outcome = stream.open_epoch(sign(older, north.self.key));
  BOOST_REQUIRE(!outcome.has_value());
  BOOST_TEST((outcome.error().reason == refusal::bad_key_record));
}

BOOST_AUTO_TEST_CASE(an_opening_must_name_a_common_entry) {
  const auto try_after = [&](std::optional<stream_position> after) {
    opening made{ex::north_id, ex::south_id, new_epoch_id(), north.self.record, after, ""};
    const auto outcome = stream.open_epoch(sign(made, north.self.key));
    return outcome ? std::optional<refusal>{} : std::optional{outcome.error().reason};
  };
  auto elsewhere = stream.committed();
  elsewhere.hash = {};
  BOOST_TEST((try_after(std::nullopt) == refusal::chain_broken));
  BOOST_TEST((try_after(elsewhere) == refusal::chain_broken));
  elsewhere = stream.committed();
  elsewhere.sequence = 7;
  BOOST_TEST((try_after(elsewhere) == refusal::out_of_order));
  elsewhere.epoch = std::string(32, 'b');
  BOOST_TEST((try_after(elsewhere) == refusal::chain_broken));
  BOOST_TEST(!try_after(stream.committed()).has_value());
}

BOOST_AUTO_TEST_CASE(every_changed_byte_of_an_opening_is_refused) {
  incoming_stream fresh{south.self.id(), south.partner,
                        north.store}; // an empty store for this direction
  BOOST_REQUIRE(fresh.load().has_value());
  const auto& opened = north.sent().epochs[0].opening;
  for (std::size_t i = 0; i < opened.size(); i += 5) {
    auto changed = opened;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    BOOST_TEST(!fresh.open_epoch(changed).has_value(), "byte " << i);
  }
}

BOOST_AUTO_TEST_SUITE_END()
