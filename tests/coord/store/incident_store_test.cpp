#include "coord/store/incident_store.hpp"

#include "coord/store/audit_store.hpp"
#include "coord/store/change_feed.hpp"
#include "coord/store/correlator_store.hpp"
#include "tests/coord/store/store_fixture.hpp"

using namespace cresset;
using namespace cresset::coord::incident;

namespace {

explanation because(const char* text) {
  return {{"reason_given", {{"text", text}}}};
}

struct incidents_fixture : tests::store_fixture {
  coord::store::incident_store incidents{pool};
  coord::store::correlator_store log{pool};

  /// An incident of the correlator over the groups there are.
  incident_id open(const std::string& correlation = "c") {
    open_incident action;
    action.correlation = correlation;
    action.rule = "severe-attack";
    action.title = "Title";
    action.why = because("Why");
    action.severity = 80;
    action.classified = {"intrusion-attempts", "exploit"};
    for (std::int64_t id = 1; id <= number("SELECT count(*) FROM alert_group"); ++id)
      action.groups.push_back({id});
    const auto term = log.lead("here");
    BOOST_REQUIRE(term);
    const std::vector<correlator_action> actions{action};
    const auto done = log.apply(*term, {1}, actions);
    BOOST_REQUIRE_MESSAGE(done, (done ? "" : done.error().text));
    return {number("SELECT max(id) FROM incident")};
  }
  coord::incident::incident read(incident_id id) {
    auto one = incidents.one(id);
    BOOST_REQUIRE(one);
    return *one;
  }
  transition_request to(const coord::incident::incident& from, incident_state state) const {
    transition_request r;
    r.incident = from.id;
    r.seen_version = from.version;
    r.to = state;
    r.by = analyst;
    return r;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(coord_store_incident_store, incidents_fixture)

BOOST_AUTO_TEST_CASE(an_incident_has_its_groups_alerts_and_history) {
  send({alert_from(1), alert_from(2), alert_from(1)});
  const auto id = open();
  const auto one = read(id);
  BOOST_TEST(one.alerts == 3);
  BOOST_TEST(one.groups.size() == 2U);
  BOOST_TEST(one.victims.size() == 1U);
  BOOST_TEST(one.attackers.size() == 2U);
  BOOST_TEST(one.rule == "severe-attack");
  BOOST_TEST((one.label == tlp::amber));
  BOOST_TEST(incidents.groups_of(id, 10)->size() == 2U);
  const auto alerts_of_it = incidents.alerts_of(id, {}, 2);
  BOOST_REQUIRE(alerts_of_it);
  BOOST_REQUIRE(alerts_of_it->size() == 2U);
  BOOST_TEST(alerts_of_it->front().position.value == 3);
  const auto history = incidents.history(id, 100);
  BOOST_REQUIRE(history);
  BOOST_REQUIRE(history->size() == 3U);
  BOOST_TEST(history->front().kind == "incident_opened");
  BOOST_TEST(history->front().text == "Why");
  BOOST_TEST(history->front().by == "correlator");
  BOOST_TEST((incidents.one({99}).error().why == store_errc::not_found));
}

BOOST_AUTO_TEST_CASE(the_list_is_gravest_first_and_leaves_out_what_is_closed) {
  for (const auto* const name : {"a", "b", "c"}) {
    send({alert_from(1, static_cast<std::uint32_t>(name[0]))});
    open(name);
  }
  run("UPDATE incident SET severity = 10 * id");
  auto page = incidents.incidents({true, false, std::nullopt, 2});
  BOOST_REQUIRE(page);
  BOOST_REQUIRE(page->size() == 2U);
  BOOST_TEST(page->front().id.value == 3);
  const auto& last = page->back();
  page = incidents.incidents({true, false, incident_key{last.severity, last.changed, last.id}, 2});
  BOOST_REQUIRE(page->size() == 1U);
  BOOST_TEST(page->front().id.value == 1);
  auto close = to(read({3}), incident_state::closed);
  close.reason = close_reason::resolved;
  BOOST_REQUIRE(incidents.move(close));
  BOOST_TEST(incidents.incidents({true, false, std::nullopt, 50})->size() == 2U);
  BOOST_TEST(incidents.incidents({false, false, std::nullopt, 50})->size() == 3U);
}

BOOST_AUTO_TEST_CASE(it_moves_through_its_states_and_comes_back) {
  send({alert_from(1)});
  const auto id = open();
  auto now = incidents.move(to(read(id), incident_state::contained));
  BOOST_REQUIRE(now);
  BOOST_TEST((incidents.move(to(*now, incident_state::fresh)).error().why == store_errc::refused));
  auto close = to(*now, incident_state::closed);
  BOOST_TEST((incidents.move(close).error().why == store_errc::refused));
  close.reason = close_reason::resolved;
  close.seen_version -= 1;
  BOOST_TEST((incidents.move(close).error().why == store_errc::stale));
  close.seen_version += 1;
  now = incidents.move(close);
  BOOST_REQUIRE(now);
  BOOST_TEST((now->closed_as == close_reason::resolved));
  BOOST_TEST(text("SELECT state || ' ' || handled FROM alert_group") == "1 1");
  now = incidents.move(to(*now, incident_state::in_progress));
  BOOST_REQUIRE(now);
  BOOST_TEST(!now->closed_as);
  BOOST_TEST(text("SELECT state || ' ' || incident FROM alert_group") == "3 1");
}

BOOST_AUTO_TEST_CASE(edits_notes_and_releases_are_checked_and_journalled) {
  send({alert_from(1)});
  const auto id = open();
  incident_edit change;
  change.label = tlp::green;
  change.severity = 60;
  change.owner = analyst;
  const auto edited = incidents.edit(id, read(id).version, change, analyst);
  BOOST_REQUIRE(edited);
  BOOST_TEST((edited->label == tlp::green));
  BOOST_TEST(edited->owner_name == "ana");
  BOOST_TEST((incidents.edit(id, 1, change, analyst).error().why == store_errc::stale));
  change.classified = rsit{"nonsense", ""};
  BOOST_TEST(
      (incidents.edit(id, edited->version, change, analyst).error().why == store_errc::refused));
  BOOST_TEST(incidents.note(id, "looked at it", analyst).has_value());
  BOOST_TEST((incidents.note(id, "", analyst).error().why == store_errc::refused));
  const auto released = incidents.mark_released(id, edited->version, "partner-b", "ana");
  BOOST_REQUIRE(released);
  BOOST_TEST(released->released_version == edited->version);
  const auto history = incidents.history(id, 100);
  BOOST_TEST(history->back().text.find("released to partner-b") != std::string::npos);
  const auto verdict = coord::store::audit_store{pool}.verify(std::nullopt);
  BOOST_REQUIRE(verdict);
  BOOST_TEST(verdict->findings.empty());
  BOOST_TEST(verdict->end.end.sequence ==
             number("SELECT last FROM stream_head WHERE name = 'journal'"));
}

BOOST_AUTO_TEST_CASE(a_lease_given_before_the_clock_was_set_back_is_void) {
  const auto term = log.lead("here");
  BOOST_REQUIRE(term);
  BOOST_TEST((log.lead("there").error().why == store_errc::fenced));
  run("UPDATE leader SET expires = clock_timestamp() + interval '1 hour'");
  const auto taken = log.lead("there");
  BOOST_REQUIRE(taken);
  BOOST_TEST(*taken > *term);
  BOOST_TEST((log.apply(*term, {1}, {}).error().why == store_errc::fenced));
}

BOOST_AUTO_TEST_CASE(the_correlators_work_is_stored_once_and_only_under_its_term) {
  send({alert_from(1), alert_from(2)});
  const auto id = open();
  open();
  BOOST_TEST(number("SELECT count(*) FROM incident") == 1);
  BOOST_TEST(log.position()->value == 1);
  BOOST_TEST((log.lead("there").error().why == store_errc::fenced));
  const auto term = log.lead("here");
  BOOST_REQUIRE(term);
  send({alert_from(3)});
  const std::vector<correlator_action> more{attach_group{"c", {3}, because("goes on")}};
  BOOST_REQUIRE(log.apply(*term, {3}, more));
  BOOST_TEST(read(id).groups.size() == 3U);

  BOOST_REQUIRE(log.resign("here"));
  const auto next_term = log.lead("there");
  BOOST_REQUIRE(next_term);
  BOOST_TEST(*next_term > *term);
  send({alert_from(4)});
  const std::vector<correlator_action> late{attach_group{"c", {4}, because("too late")}};
  BOOST_TEST((log.apply(*term, {4}, late).error().why == store_errc::fenced));
  BOOST_TEST(read(id).groups.size() == 3U);
  BOOST_TEST(log.position()->value == 3);
}

BOOST_AUTO_TEST_CASE(a_group_that_goes_on_reopens_what_was_resolved_but_not_a_false_positive) {
  send({alert_from(1)});
  const auto id = open();
  auto close = to(read(id), incident_state::closed);
  close.reason = close_reason::false_positive;
  BOOST_REQUIRE(incidents.move(close));
  send({alert_from(2)});
  const std::vector<correlator_action> more{attach_group{"c", {2}, because("goes on")}};
  BOOST_REQUIRE(log.apply(*log.lead("here"), {2}, more));
  BOOST_TEST((read(id).state == incident_state::closed));
  run("UPDATE incident SET closed_as = 0");
  BOOST_REQUIRE(log.apply(*log.lead("here"), {2}, more));
  BOOST_TEST((read(id).state == incident_state::triaged));
  BOOST_TEST(read(id).groups.size() == 2U);
}

BOOST_AUTO_TEST_CASE(the_feed_tells_of_groups_and_incidents_from_any_cursor) {
  coord::store::change_feed feed{url};
  auto heads = feed.wait({}, std::chrono::milliseconds{0});
  BOOST_REQUIRE(heads);
  BOOST_TEST(heads->alert.value == 0);
  send({alert_from(1), alert_from(2)});
  heads = feed.wait(*heads, std::chrono::seconds{20});
  BOOST_REQUIRE(heads);
  BOOST_TEST(heads->alert.value == 2);
  const auto changes = feed.changes({1}, 10);
  BOOST_REQUIRE(changes);
  BOOST_REQUIRE(changes->size() == 1U);
  BOOST_TEST(changes->front().message == "TEST rule 7");
  BOOST_TEST(changes->front().is_new);
  BOOST_TEST((changes->front().received == received));
  const auto id = open();
  heads = feed.wait(*heads, std::chrono::seconds{20});
  BOOST_REQUIRE(heads);
  const auto touched = feed.incidents_touched(0, 100);
  BOOST_REQUIRE(touched);
  BOOST_TEST((touched->incidents == std::vector{id}));
  BOOST_TEST(touched->up_to == heads->journal);
}

BOOST_AUTO_TEST_CASE(a_change_in_the_journal_is_found_and_an_erasure_still_verifies) {
  send({alert_from(1)});
  const auto id = open();
  BOOST_REQUIRE(incidents.note(id, "personal", analyst));
  coord::store::audit_store audit{pool};
  const auto sound = audit.verify(std::nullopt);
  BOOST_REQUIRE(sound);
  BOOST_REQUIRE(audit.erase(3, "lead", "asked for"));
  BOOST_TEST(audit.verify(sound->end)->findings.empty());
  BOOST_TEST(incidents.history(id, 10)->at(2).text == "erased");
  BOOST_TEST((audit.erase(3, "lead", "again").error().why == store_errc::not_found));
  BOOST_TEST((audit.erase(4, "lead", "the erasure").error().why == store_errc::refused));
  run("UPDATE journal SET body = convert_to('{}', 'UTF8') WHERE sequence = 1");
  BOOST_TEST(audit.verify(sound->end)->findings.size() == 1U);
  run("DELETE FROM journal WHERE sequence >= 3");
  BOOST_TEST(audit.verify(sound->end)->findings.size() == 2U);
}

BOOST_AUTO_TEST_SUITE_END()
