#include "coord/store/retention/retention_store.hpp"

#include "coord/journal/checkpoint.hpp"
#include "coord/store/audit_store.hpp"
#include "coord/store/connection_pool.hpp"
#include "coord/store/group_store.hpp"
#include "coord/store/partitions.hpp"
#include "coord/store/retention/evidence_seal.hpp"
#include "coord/store/retention/expiry.hpp"
#include "coord/store/sensor_store.hpp"
#include "tests/coord/store/store_fixture.hpp"

using namespace cresset;
using namespace cresset::coord;
using namespace cresset::coord::retention;
using incident::store_errc;
using namespace std::chrono_literals;
using std::chrono::days;

namespace {

struct fixture : tests::store_fixture {
  store::retention::retention_store kept{pool};
  store::audit_store audit{pool};

  legal_hold hold_group(std::int64_t group) {
    hold_request wanted;
    wanted.group = {group};
    wanted.reason = "the court asks";
    wanted.legal_basis = "article 1";
    wanted.by = analyst;
    auto placed = kept.place(wanted, received);
    BOOST_REQUIRE(placed);
    return *placed;
  }
  std::int64_t first_group() { return number("SELECT min(id) FROM alert_group"); }
  void seal() { BOOST_REQUIRE(store::retention::seal_evidence(pool, received)); }
  void apply(data_class what, std::chrono::days keep, timestamp at) {
    retention_policy policy;
    for (const auto one : all_data_classes)
      policy.of(one) = std::chrono::days{0};
    policy.of(what) = keep;
    BOOST_REQUIRE(store::retention::apply_retention(pool, policy, at));
  }
  std::size_t findings() {
    const auto verdict = audit.verify(std::nullopt);
    BOOST_REQUIRE(verdict);
    return verdict->findings.size();
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(coord_store_retention_retention_store, fixture)

BOOST_AUTO_TEST_CASE(evidence_is_sealed_and_the_journal_names_the_root) {
  send({alert_from(1), alert_from(2)});
  BOOST_TEST(!kept.custody({1})->at(0).sealed);
  seal();
  const auto records = kept.custody({1});
  BOOST_REQUIRE(records);
  BOOST_REQUIRE(records->size() == 2U);
  for (const auto& record : *records) {
    BOOST_TEST(record.is_intact);
    BOOST_REQUIRE(record.sealed);
    BOOST_TEST(record.sealed->holds);
    BOOST_TEST(text("SELECT convert_from(body, 'UTF8') FROM journal WHERE sequence = " +
                    std::to_string(record.sealed->journal))
                   .find(record.sealed->root.hex()) != std::string::npos);
  }
  const auto before = number("SELECT count(*) FROM journal");
  seal(); // nothing new
  BOOST_TEST(number("SELECT count(*) FROM journal") == before);
  BOOST_TEST(kept.custody({99})->empty());
}

BOOST_AUTO_TEST_CASE(changed_evidence_and_a_changed_hash_show) {
  send({alert_from(1)});
  seal();
  run("UPDATE kept_evidence SET bytes = 'x' WHERE kind = 'packet'");
  BOOST_TEST(!kept.custody({1})->at(0).is_intact);
  BOOST_TEST(kept.custody({1})->at(0).sealed->holds);
  run("UPDATE kept_evidence SET hash = sha256(bytes) WHERE kind = 'packet'");
  BOOST_TEST(kept.custody({1})->at(0).is_intact);
  BOOST_TEST(!kept.custody({1})->at(1).sealed->holds);
}

BOOST_AUTO_TEST_CASE(a_hold_copies_evidence_and_outlives_the_partitions) {
  send({alert_from(1), alert_from(1), alert_from(1), alert_from(2)});
  hold_group(first_group());
  BOOST_TEST(number("SELECT count(DISTINCT position) FROM kept_evidence") == 4);
  send({alert_from(1), alert_from(2), alert_from(2)});
  BOOST_REQUIRE(store::expire_partitions(pool, received + 24h * 100, {days{90}, days{14}}));
  BOOST_TEST(number("SELECT count(*) FROM alert") == 0);
  // All of the held group; of the other one what its samples name.
  BOOST_TEST(text("SELECT string_agg(position::text, ',' ORDER BY position) FROM kept_alert") ==
             "1,2,3,5");
  BOOST_TEST(number("SELECT count(DISTINCT position) FROM kept_evidence") == 7);
  store::group_store groups{pool};
  const auto alerts_left = groups.alerts_of_group({first_group()}, {}, 10);
  BOOST_REQUIRE(alerts_left);
  BOOST_TEST(alerts_left->size() == 4U);
  BOOST_TEST(groups.evidence_of({5})->size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_hold_is_journalled_listed_and_lifted_once) {
  send({alert_from(1)});
  const auto placed = hold_group(first_group());
  BOOST_TEST(kept.holds(true, {}, 10)->size() == 1U);
  BOOST_TEST((kept.lift(placed.id, "", analyst, received).error().why == store_errc::refused));
  const auto lifted = kept.lift(placed.id, "the case is closed", analyst, received);
  BOOST_REQUIRE(lifted);
  BOOST_TEST(lifted->lift_reason == "the case is closed");
  BOOST_TEST((kept.lift(placed.id, "again", analyst, received).error().why == store_errc::refused));
  BOOST_TEST((kept.lift({99}, "x", analyst, received).error().why == store_errc::not_found));
  BOOST_TEST(kept.holds(true, {}, 10)->empty());
  BOOST_TEST(kept.holds(false, {}, 10)->size() == 1U);
  BOOST_TEST(text("SELECT string_agg(kind, ' ' ORDER BY sequence) FROM journal WHERE kind LIKE "
                  "'hold%'") == "hold_placed hold_lifted");
}

BOOST_AUTO_TEST_CASE(a_hold_on_nothing_or_on_two_things_is_refused) {
  hold_request wanted;
  wanted.reason = "x";
  wanted.by = analyst;
  BOOST_TEST((kept.place(wanted, received).error().why == store_errc::refused));
  wanted.group = {12345};
  BOOST_TEST((kept.place(wanted, received).error().why == store_errc::not_found));
  wanted.group = {};
  wanted.incident = {12345};
  BOOST_TEST((kept.place(wanted, received).error().why == store_errc::not_found));
  BOOST_TEST(number("SELECT count(*) FROM legal_hold") == 0);
}

BOOST_AUTO_TEST_CASE(erased_evidence_leaves_its_hash_and_the_seal_holds) {
  send({alert_from(1)});
  seal();
  BOOST_REQUIRE(kept.erase_evidence({1}, "asked by the person", "lead", received));
  const auto records = kept.custody({1});
  BOOST_TEST(records->at(0).size_bytes == 0);
  BOOST_TEST(records->at(0).erased.has_value());
  BOOST_TEST(records->at(0).sealed->holds);
  BOOST_TEST(number("SELECT count(*) FROM alert_evidence WHERE packet IS NOT NULL OR payload IS "
                    "NOT NULL") == 0);
  BOOST_TEST(
      (kept.erase_evidence({1}, "again", "lead", received).error().why == store_errc::not_found));
  BOOST_TEST(
      (kept.erase_evidence({77}, "x", "lead", received).error().why == store_errc::not_found));
  BOOST_TEST(findings() == 0U);
}

BOOST_AUTO_TEST_CASE(what_is_held_is_not_erased) {
  send({alert_from(1)});
  const auto hold = hold_group(first_group());
  const auto entry = number("SELECT max(sequence) FROM journal");
  BOOST_TEST((kept.erase_evidence({1}, "x", "lead", received).error().why == store_errc::refused));
  BOOST_TEST(
      (kept.erase_journal_body(entry, "x", "lead", received).error().why == store_errc::refused));
  BOOST_REQUIRE(kept.lift(hold.id, "over", analyst, received));
  BOOST_TEST(!!kept.erase_evidence({1}, "x", "lead", received));
  const auto erased = kept.erase_journal_body(entry, "x", "lead", received);
  BOOST_REQUIRE(erased);
  BOOST_TEST((kept.erase_journal_body(erased->journal, "x", "lead", received).error().why ==
              store_errc::refused));
  BOOST_TEST(
      (kept.erase_journal_body(entry, "x", "lead", received).error().why == store_errc::not_found));
  BOOST_TEST(
      (kept.erase_journal_body(entry, "", "lead", received).error().why == store_errc::refused));
  BOOST_TEST(findings() == 0U);
}

BOOST_AUTO_TEST_CASE(journal_bodies_go_by_age_with_one_tombstone_and_the_chain_verifies) {
  send({alert_from(1)});
  BOOST_REQUIRE(kept.lift(hold_group(first_group()).id, "over", analyst, received));
  store::sensor_store sensors{pool};
  for (int i = 1; i < 4; ++i)
    BOOST_REQUIRE(sensors.add("one-" + std::to_string(i), {static_cast<std::byte>(i)}, "lead"));
  const auto bodies = [&] { return number("SELECT count(*) FROM journal WHERE body IS NULL"); };
  apply(data_class::journal_bodies, days{30}, now() + 24h * 10);
  BOOST_TEST(bodies() == 0);
  apply(data_class::journal_bodies, days{30}, now() + 24h * 40);
  BOOST_TEST(bodies() > 0);
  BOOST_TEST(number("SELECT count(*) FROM journal WHERE kind = 'erased'") == 1);
  BOOST_TEST(findings() == 0U);
  run("UPDATE journal SET body = NULL, salt = NULL WHERE kind = 'retention_applied'");
  BOOST_TEST(findings() == 1U);
}

BOOST_AUTO_TEST_CASE(refused_records_kept_evidence_and_ended_groups_go_by_age) {
  auto bad = alert_from(3);
  bad.msg = std::string{"a\0b", 3};
  send({alert_from(1), bad, alert_from(2)});
  hold_group(number("SELECT max(id) FROM alert_group"));
  seal();
  const auto later = received + 24h * 500;
  apply(data_class::refused, days{30}, later);
  BOOST_TEST(number("SELECT count(*) FROM alert_refused") == 0);
  apply(data_class::kept_evidence, days{400}, later);
  BOOST_TEST(text("SELECT string_agg(position || ' ' || (bytes IS NULL), ', ' ORDER BY position, "
                  "kind) FROM kept_evidence") == "1 true, 1 true, 2 false, 2 false");
  BOOST_TEST(kept.custody({1})->at(0).sealed->holds);
  run("UPDATE alert_group SET live = false");
  apply(data_class::groups, days{400}, later);
  BOOST_TEST(number("SELECT count(*) FROM alert_group") == 1);
  const auto runs = kept.runs();
  BOOST_REQUIRE(runs->size() == 3U);
  for (const auto& one : *runs)
    BOOST_TEST(one.removed > 0);
  BOOST_TEST(findings() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
