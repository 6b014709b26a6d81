#include "coord/store/group_store.hpp"

#include "detect/alert/wire.hpp"
#include "tests/coord/store/store_fixture.hpp"

using namespace cresset;
using namespace cresset::coord::incident;
using namespace std::chrono_literals;

namespace {

struct groups_fixture : tests::store_fixture {
  coord::store::group_store groups{pool};

  alert_group only() {
    const auto page = groups.queue({std::nullopt, false, std::nullopt, 50});
    BOOST_REQUIRE(page);
    BOOST_REQUIRE(page->size() == 1U);
    return page->front();
  }
  decision_request request(decision_kind kind, const alert_group& of) const {
    decision_request r;
    r.kind = kind;
    r.group = of.id;
    r.seen = of.last_alert;
    r.by = analyst;
    r.reason = "because";
    r.code = reason_code::false_positive;
    r.title = "Raised";
    return r;
  }
  decision decide(const decision_request& r) {
    const auto made = groups.decide(r);
    BOOST_REQUIRE_MESSAGE(made, (made ? "" : made.error().text));
    return *made;
  }
  store_errc refusal(const decision_request& r) {
    const auto made = groups.decide(r);
    BOOST_REQUIRE(!made);
    return made.error().why;
  }
  decision_request dismissal(const alert_group& of, dismissal_scope scope) const {
    auto r = request(decision_kind::dismiss, of);
    r.stands = standing{scope, tests::this_moment() + 24h};
    return r;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(coord_store_group_store, groups_fixture)

BOOST_AUTO_TEST_CASE(the_queue_is_gravest_first_and_its_pages_join_without_gap_or_repeat) {
  for (std::uint32_t i = 0; i < 7; ++i) {
    received += 1s;
    send({alert_from(i + 1, 7 + i, 1 + static_cast<int>(i % 3))});
  }
  std::vector<std::pair<int, std::int64_t>> seen;
  queue_query query;
  query.limit = 2;
  for (;;) {
    const auto page = groups.queue(query);
    BOOST_REQUIRE(page);
    if (page->empty())
      break;
    for (const auto& group : *page)
      seen.emplace_back(group.severity, group.id.value);
    query.after = queue_key{page->back().severity, page->back().last_received, page->back().id};
  }
  const std::vector<std::pair<int, std::int64_t>> wanted{{1, 7}, {1, 4}, {1, 1}, {2, 5},
                                                         {2, 2}, {3, 6}, {3, 3}};
  BOOST_TEST((seen == wanted));
}

BOOST_AUTO_TEST_CASE(a_group_its_alerts_and_their_evidence_read_back) {
  send({alert_from(0xc6336401), alert_from(0xc6336401), alert_from(0xc6336401)});
  const auto group = only();
  BOOST_TEST(group.message == "TEST rule 7");
  BOOST_TEST(group.key.attacker.to_string() == "198.51.100.1");
  BOOST_TEST((group.sensors == std::vector<std::string>{"s1"}));
  const auto page = groups.alerts_of_group(group.id, {3}, 10);
  BOOST_REQUIRE(page);
  BOOST_REQUIRE(page->size() == 2U);
  const auto& alert = page->front();
  BOOST_TEST(alert.position.value == 2);
  BOOST_TEST(alert.sensor == "s1");
  BOOST_TEST(alert.application == "http");
  BOOST_TEST(alert.tuple.destination_port == 80);
  BOOST_TEST((alert.received == received));
  BOOST_TEST(detect::alert::decode(alert.record).has_value());
  const auto evidence = groups.evidence_of(alert.position);
  BOOST_REQUIRE(evidence);
  BOOST_REQUIRE(evidence->size() == 2U);
  BOOST_TEST((*evidence)[0].kind == "packet");
  BOOST_TEST((*evidence)[0].bytes.size() == 60U);
  BOOST_TEST((groups.group({99}).error().why == store_errc::not_found));
}

BOOST_AUTO_TEST_CASE(a_decision_closes_what_was_seen_and_not_what_came_meanwhile) {
  send({alert_from(1)});
  const auto seen = only();
  send({alert_from(1)});
  decide(request(decision_kind::acknowledge, seen));
  auto now = only();
  BOOST_TEST((now.state == group_state::open));
  BOOST_TEST(now.reopened == "new_alerts");
  BOOST_TEST(now.handled.value == 1);
  decide(request(decision_kind::acknowledge, now));
  BOOST_TEST((only().state == group_state::acknowledged));
  BOOST_TEST((refusal(request(decision_kind::acknowledge, seen)) == store_errc::stale));
  send({alert_from(1)});
  BOOST_TEST((only().state == group_state::open));
}

BOOST_AUTO_TEST_CASE(what_breaks_a_rule_of_the_domain_is_refused) {
  send({alert_from(1)});
  const auto group = only();
  auto r = request(decision_kind::dismiss, group);
  r.reason.clear();
  BOOST_TEST((refusal(r) == store_errc::refused));
  r = request(decision_kind::acknowledge, group);
  r.seen = {2};
  BOOST_TEST((refusal(r) == store_errc::refused));
  r = dismissal(group, dismissal_scope::group);
  r.stands->expires += 31 * 24h;
  BOOST_TEST((refusal(r) == store_errc::refused));
  r = request(decision_kind::raise, group);
  r.into = incident_id{77};
  BOOST_TEST((refusal(r) == store_errc::not_found));
  r.group = {77};
  BOOST_TEST((refusal(r) == store_errc::not_found));
  BOOST_TEST((only().state == group_state::open));
  BOOST_TEST(number("SELECT count(*) FROM journal") == 0);
}

BOOST_AUTO_TEST_CASE(a_standing_dismissal_keeps_covering_and_counts_and_reopens_for_its_reasons) {
  send({alert_from(1), alert_from(1)});
  decide(dismissal(only(), dismissal_scope::group));
  send({alert_from(1), alert_from(1), alert_from(1)});
  BOOST_TEST((only().state == group_state::dismissed));
  const auto standing = groups.standing_dismissals(10);
  BOOST_REQUIRE(standing);
  BOOST_REQUIRE(standing->size() == 1U);
  BOOST_TEST(standing->front().matched == 3);
  BOOST_TEST(number("SELECT muted FROM alert_group") == 3);
  send({alert_from(1, 7, 2)});
  BOOST_TEST((only().state == group_state::open));
  BOOST_TEST(only().reopened == "higher_severity");
  BOOST_TEST(groups.standing_dismissals(10)->empty());
  BOOST_TEST(text("SELECT kind FROM journal ORDER BY sequence DESC LIMIT 1") == "dismissal_ended");
}

BOOST_AUTO_TEST_CASE(a_tenfold_rate_and_a_new_victim_reopen) {
  send({alert_from(1), alert_from(1)});
  decide(dismissal(only(), dismissal_scope::rule));
  auto other_victim = alert_from(1);
  other_victim.tuple->destination = ip_address::v4(0x0a000002);
  send({other_victim});
  BOOST_TEST(text("SELECT state || ' ' || reopened FROM alert_group ORDER BY id DESC LIMIT 1") ==
             "0 new_victim");
  send(std::vector<detect::alert::alert>(19, alert_from(1)));
  BOOST_TEST(text("SELECT state FROM alert_group ORDER BY id LIMIT 1") == "2");
  send(std::vector<detect::alert::alert>(2, alert_from(1)));
  BOOST_TEST(text("SELECT state || ' ' || reopened FROM alert_group ORDER BY id LIMIT 1") ==
             "0 tenfold_rate");
}

BOOST_AUTO_TEST_CASE(undo_puts_back_what_was_and_only_the_newest_can_be_undone) {
  send({alert_from(1)});
  const auto first = decide(request(decision_kind::acknowledge, only()));
  send({alert_from(1)});
  const auto second = decide(dismissal(only(), dismissal_scope::group));
  auto r = request(decision_kind::undo, only());
  r.undone = first.id;
  BOOST_TEST((refusal(r) == store_errc::refused));
  r.undone = second.id;
  const auto undone = decide(r);
  BOOST_TEST((undone.undoes == second.id));
  auto group = only();
  BOOST_TEST((group.state == group_state::open));
  BOOST_TEST(group.handled.value == 1);
  BOOST_TEST(groups.standing_dismissals(10)->empty());
  BOOST_TEST((refusal(r) == store_errc::refused));
  r.undone = first.id;
  decide(r);
  group = only();
  BOOST_TEST((group.state == group_state::open));
  BOOST_TEST(group.handled.value == 0);
  const auto all = groups.decisions_of_group(group.id, 10);
  BOOST_REQUIRE(all);
  BOOST_TEST(all->size() == 4U);
  BOOST_TEST(all->front().by_name == "ana");
}

BOOST_AUTO_TEST_CASE(undoing_a_standing_dismissal_opens_the_groups_that_only_it_kept_closed) {
  send({alert_from(1)});
  const auto stands = decide(dismissal(only(), dismissal_scope::rule_victim));
  send({alert_from(2)});
  BOOST_TEST(text("SELECT state FROM alert_group WHERE id = 2") == "2");
  decision_request r;
  r.kind = decision_kind::undo;
  r.group = stands.group;
  r.seen = stands.seen;
  r.by = analyst;
  r.undone = stands.id;
  decide(r);
  BOOST_TEST(text("SELECT state || reopened FROM alert_group WHERE id = 2") == "0undone");
  BOOST_TEST(text("SELECT state FROM alert_group WHERE id = 1") == "0");
}

BOOST_AUTO_TEST_CASE(raising_makes_an_incident_and_undoing_it_closes_the_empty_one) {
  send({alert_from(1)});
  const auto raised = decide(request(decision_kind::raise, only()));
  BOOST_REQUIRE(raised.incident);
  BOOST_TEST((only().state == group_state::in_incident));
  BOOST_TEST((only().incident == raised.incident));
  BOOST_TEST(number("SELECT count(*) FROM kept_evidence WHERE hash = sha256(bytes)") == 2);
  BOOST_TEST(text("SELECT name || ' ' || title FROM incident").ends_with("000001 Raised"));
  BOOST_TEST((refusal(request(decision_kind::acknowledge, only())) == store_errc::refused));
  send({alert_from(1)});
  BOOST_TEST((only().state == group_state::in_incident));

  auto r = request(decision_kind::undo, only());
  r.undone = raised.id;
  decide(r);
  BOOST_TEST((only().state == group_state::open));
  BOOST_TEST(text("SELECT state || ' ' || closed_as FROM incident") == "6 1");
}

BOOST_AUTO_TEST_SUITE_END()
