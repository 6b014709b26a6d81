#include "coord/store/indicators/indicator_store.hpp"

#include "coord/store/correlator_store.hpp"
#include "tests/coord/store/store_fixture.hpp"

using namespace cresset;
using namespace cresset::coord;
using namespace cresset::coord::indicator;
using namespace std::chrono_literals;

namespace {

struct fixture : tests::store_fixture {
  store::indicators::indicator_store indicators{pool};
  store::correlator_store log{pool};
  timestamp at = tests::this_moment();

  new_indicator wanted(indicator_kind kind, const std::string& value) {
    new_indicator made;
    made.kind = kind;
    made.value = value;
    made.confidence = 80;
    made.expires = at + 24h;
    return made;
  }
  indicator::indicator add(indicator_kind kind, const std::string& value) {
    const auto made = indicators.add(wanted(kind, value), "ana", at);
    BOOST_REQUIRE_MESSAGE(made, (made ? "" : made.error().text));
    return *made;
  }
  void watch() { alerts.watch(std::make_shared<indicator_set>(*indicators.in_force(at))); }
  /// As a partner's entry stands in the store, held for an analyst.
  void offer(const std::string& body) {
    run("INSERT INTO federation_stream (partner, direction) VALUES ('identity--west', 1) ON "
        "CONFLICT "
        "DO NOTHING");
    run("INSERT INTO federation_epoch (partner, direction, ordinal, epoch, opening, hash) VALUES "
        "('identity--west', 1, 0, repeat('a', 32), '', sha256('')) ON CONFLICT DO NOTHING");
    run("INSERT INTO federation_entry (partner, direction, epoch, sequence, envelope, seal, body, "
        "hash, kind, object_id, object_version, object_body, disposition, note) VALUES "
        "('identity--west', 1, repeat('a', 32), (SELECT coalesce(max(sequence), 0) + 1 FROM "
        "federation_entry), '', '', convert_to('" +
        body +
        "', 'UTF8'), sha256(''), 'stix:indicator', 'x', 'y', sha256(''), 1, 'it would act')");
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(coord_store_indicators_indicator_store, fixture)

BOOST_AUTO_TEST_CASE(an_indicator_is_added_once_extended_and_withdrawn_with_its_journal) {
  const auto first = add(indicator_kind::domain, "evil.example");
  BOOST_TEST(first.added_by == "ana");
  const auto version = *indicators.version();
  auto again = wanted(indicator_kind::domain, "evil.example");
  again.expires += 24h;
  const auto extended = indicators.add(again, "bob", at);
  BOOST_REQUIRE(extended);
  BOOST_TEST((extended->id == first.id));
  BOOST_TEST((extended->expires == again.expires));
  BOOST_TEST(*indicators.version() == version + 1);
  BOOST_REQUIRE(indicators.withdraw(first.id, "a mistake", "bob", at));
  BOOST_TEST(!indicators.withdraw(first.id, "again", "bob", at));
  BOOST_TEST(indicators.list({})->empty());
  indicator::list_query all;
  all.ended = true;
  BOOST_TEST(indicators.list(all)->at(0).withdrawn_why == "a mistake");
  BOOST_TEST(number("SELECT count(*) FROM journal WHERE kind = 'indicator_changed'") == 3);
  BOOST_TEST((indicators.one({99}).error().why == incident::store_errc::not_found));
}

BOOST_AUTO_TEST_CASE(what_is_not_in_its_form_or_never_ends_is_refused) {
  auto wrong = wanted(indicator_kind::domain, "EVIL.example");
  BOOST_TEST(!indicators.add(wrong, "ana", at));
  wrong = wanted(indicator_kind::address, "10.0.0.0/8");
  BOOST_TEST(!indicators.add(wrong, "ana", at));
  wrong = wanted(indicator_kind::domain, "evil.example");
  wrong.expires = at;
  BOOST_TEST(!indicators.add(wrong, "ana", at));
  wrong.expires = at + 400 * 24h;
  BOOST_TEST(!indicators.add(wrong, "ana", at));
}

BOOST_AUTO_TEST_CASE(alerts_that_carry_one_are_counted_and_their_changes_say_so) {
  const auto by_domain = add(indicator_kind::domain, "evil.example");
  add(indicator_kind::address, "198.51.100.0/24");
  watch();
  auto http = alert_from(0xc0000201);
  http.transaction_json = R"("http":{"hostname":"www.evil.example","url":"/"})";
  http.metadata = {{"mitre_technique_id", "T1190"}, {"cve", "CVE_2021_44228"}};
  http.classtype = "web-application-attack";
  send({alert_from(0xc0000201), http, http, alert_from(0xc6336401, 8)});
  BOOST_TEST(indicators.one(by_domain.id)->hits == 2);
  const auto changes = log.changes({0}, 10);
  BOOST_REQUIRE(changes->size() == 2U);
  BOOST_REQUIRE(changes->at(0).indicators.size() == 1U);
  BOOST_TEST(changes->at(0).indicators[0].value == "evil.example");
  BOOST_TEST(changes->at(0).indicators[0].kind == "domain");
  BOOST_TEST(changes->at(1).indicators[0].value == "198.51.100.0/24");
}

BOOST_AUTO_TEST_CASE(a_change_from_before_the_hit_stays_without_it_in_a_replay) {
  add(indicator_kind::domain, "evil.example");
  watch();
  send({alert_from(0xc0000201)});
  auto http = alert_from(0xc0000201);
  http.transaction_json = R"("tls":{"sni":"evil.example"})";
  send({http});
  const auto changes = log.changes({0}, 10);
  BOOST_REQUIRE(changes->size() == 2U);
  BOOST_TEST(changes->at(0).indicators.empty());
  BOOST_TEST(changes->at(1).indicators.size() == 1U);
}

BOOST_AUTO_TEST_CASE(what_rules_say_of_themselves_is_learnt_once_a_revision) {
  auto alert = alert_from(1);
  alert.metadata = {{"mitre_technique_id", "T1190"}};
  alert.classtype = "web-application-attack";
  send({alert, alert});
  send({alert});
  BOOST_TEST(text("SELECT techniques::text || classtype || revision FROM known_rule") ==
             "{T1190}web-application-attack1");
  alert.rev = 2;
  alert.metadata = {{"mitre_technique_id", "T1505.003"}};
  send({alert});
  BOOST_TEST(text("SELECT techniques::text || revision FROM known_rule") == "{T1505.003}2");
}

BOOST_AUTO_TEST_CASE(a_partners_offer_is_accepted_with_its_origin_or_declined_with_a_reason) {
  offer(
      R"({"type":"indicator","id":"indicator--1","name":"c2","pattern_type":"stix","pattern":"[domain-name:value = ''c2.example'' OR ipv4-addr:value = ''203.0.113.9'']"})");
  offer(R"({"type":"indicator","pattern_type":"suricata","pattern":"alert"})");
  const auto offers = indicators.offers(0, 10);
  BOOST_REQUIRE(offers);
  BOOST_REQUIRE(offers->size() == 2U);
  BOOST_REQUIRE(offers->at(0).says);
  BOOST_TEST(!offers->at(1).says);
  const auto made = indicators.accept({offers->at(0).number, at + 24h, {}, ""}, "lea", at);
  BOOST_REQUIRE_MESSAGE(made, (made ? "" : made.error().text));
  BOOST_TEST(made->size() == 2U);
  BOOST_TEST(made->at(0).source == "identity--west");
  BOOST_TEST(made->at(0).object_id == "indicator--1");
  BOOST_TEST((made->at(0).label == incident::tlp::red));
  BOOST_TEST(!indicators.accept({offers->at(1).number, at + 24h, {}, ""}, "lea", at));
  BOOST_REQUIRE(indicators.decline(offers->at(1).number, "no rules", "lea", at));
  BOOST_TEST(indicators.offers(0, 10)->empty());
  BOOST_TEST(!indicators.decline(offers->at(1).number, "again", "lea", at));
}

BOOST_AUTO_TEST_SUITE_END()
