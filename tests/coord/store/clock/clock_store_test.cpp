#include "coord/store/clock/clock_store.hpp"

#include "coord/store/correlator_store.hpp"
#include "coord/store/incident_store.hpp"
#include "tests/coord/store/store_fixture.hpp"

using namespace cresset;
using namespace cresset::coord::clock;
using namespace std::chrono_literals;
using coord::incident::incident_id;
using coord::incident::incident_state;
using coord::incident::store_errc;

namespace {

constexpr const char* table_text = R"(
regimes:
  - id: all
    title: All
    deadlines:
      - {clock: acknowledged, from: aware, within: 30m, warn: 10m}
      - {clock: owner_notified, from: acknowledged, within: 2h}
)";

struct fixture : tests::store_fixture {
  coord::store::clock::clock_store clocks{pool};
  coord::store::incident_store incidents{pool};
  coord::store::correlator_store log{pool};
  deadline_table table = *parse_deadline_table(table_text, "t");

  fixture() { BOOST_REQUIRE(clocks.put_table(0, table_text, "server", tests::this_moment())); }

  incident_id open() {
    send({alert_from(1)});
    coord::incident::open_incident action;
    action.correlation = "c";
    action.title = "Title";
    action.why = {{"seen", {}}};
    action.severity = 80;
    action.classified = {"intrusion-attempts", "exploit"};
    action.groups.push_back({1});
    const auto term = log.lead("here");
    BOOST_REQUIRE(term);
    const std::vector<coord::incident::correlator_action> actions{action};
    BOOST_REQUIRE(log.apply(*term, {1}, actions));
    return {number("SELECT max(id) FROM incident")};
  }
  void read() {
    const auto done = clocks.read_journal(table, 1, 1000);
    BOOST_REQUIRE_MESSAGE(done, (done ? "" : done.error().text));
  }
  void move(incident_id id, incident_state to,
            std::optional<coord::incident::close_reason> reason = std::nullopt) {
    const auto now = incidents.one(id);
    const auto moved = incidents.move({id, now->version, to, reason, "", analyst});
    BOOST_REQUIRE_MESSAGE(moved, (moved ? "" : moved.error().text));
  }
  timestamp aware(incident_id id) { return *(*clocks.clocks_of(id))[clock_kind::aware]; }
  std::string alarms() {
    return text("SELECT string_agg(kind || ' ' || subject || CASE WHEN cleared IS NULL THEN '' "
                "ELSE ' cleared' END, ', ' ORDER BY id) FROM alarm");
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(coord_store_clock_store, fixture)

BOOST_AUTO_TEST_CASE(the_table_is_versioned_and_nobody_overwrites_unseen) {
  BOOST_TEST(clocks.table()->version == 1);
  BOOST_TEST((clocks.put_table(0, table_text, "ana", tests::this_moment()).error().why ==
              store_errc::stale));
  BOOST_TEST(clocks.put_table(1, "regimes: []", "ana", tests::this_moment())->version == 2);
  BOOST_TEST(clocks.table(1)->text == table_text);
  BOOST_TEST((clocks.table(3).error().why == store_errc::not_found));
}

BOOST_AUTO_TEST_CASE(clocks_follow_the_journal_and_reading_it_again_changes_nothing) {
  const auto id = open();
  read();
  auto times = *clocks.clocks_of(id);
  BOOST_TEST(times[clock_kind::detected].has_value());
  BOOST_TEST(times[clock_kind::aware].has_value());
  BOOST_TEST(!times[clock_kind::acknowledged].has_value());
  move(id, incident_state::triaged);
  read();
  times = *clocks.clocks_of(id);
  BOOST_TEST(times[clock_kind::acknowledged].has_value());
  const auto before = text("SELECT string_agg(d::text, ',' ORDER BY d) FROM deadline d");
  run("UPDATE correlator SET position = 0 WHERE name = 'clocks'");
  read();
  BOOST_TEST((clocks.clocks_of(id)->at == times.at));
  BOOST_TEST(text("SELECT string_agg(d::text, ',' ORDER BY d) FROM deadline d") == before);
}

BOOST_AUTO_TEST_CASE(a_deadline_is_warned_of_and_missed_once_each_and_cleared_when_met) {
  const auto id = open();
  read();
  const auto begun = aware(id);
  BOOST_TEST(*clocks.raise_due(begun + 19min, 10) == 0);
  BOOST_TEST(*clocks.raise_due(begun + 20min, 10) == 1);
  BOOST_TEST(*clocks.raise_due(begun + 21min, 10) == 0);
  BOOST_TEST(*clocks.raise_due(begun + 30min, 10) == 1);
  BOOST_TEST(*clocks.raise_due(begun + 31min, 10) == 0);
  const auto name = text("SELECT name FROM incident");
  BOOST_TEST(alarms() ==
             "0 " + name + " all acknowledged cleared, 1 " + name + " all acknowledged");
  move(id, incident_state::triaged);
  read();
  BOOST_TEST(number("SELECT count(*) FROM alarm WHERE cleared IS NULL") == 0);
  const auto all = *clocks.deadlines_of(id);
  BOOST_REQUIRE(all.size() == 2U);
  BOOST_TEST(all[0].what.met.has_value());
  BOOST_TEST(all[0].table_version == 1);
}

BOOST_AUTO_TEST_CASE(an_incident_that_was_none_has_no_deadlines_left) {
  const auto id = open();
  move(id, incident_state::closed, coord::incident::close_reason::false_positive);
  read();
  BOOST_TEST(clocks.running({tests::this_moment() + 1000h, false, std::nullopt, 10})->empty());
}

BOOST_AUTO_TEST_CASE(a_new_table_settles_what_is_open) {
  const auto id = open();
  read();
  constexpr const char* strict = "regimes:\n  - {id: strict, title: S, deadlines: [{clock: "
                                 "contained, from: aware, within: 1h}]}\n";
  BOOST_REQUIRE(clocks.put_table(1, strict, "ana", tests::this_moment()));
  table = *parse_deadline_table(strict, "t");
  BOOST_REQUIRE(clocks.read_journal(table, 2, 1000));
  const auto all = *clocks.deadlines_of(id);
  BOOST_REQUIRE(all.size() == 1U);
  BOOST_TEST(all[0].what.regime == "strict");
  BOOST_TEST(all[0].table_version == 2);
}

BOOST_AUTO_TEST_CASE(an_analyst_stops_a_clock_by_hand_once_and_not_in_the_future) {
  const auto id = open();
  read();
  const auto at = tests::this_moment();
  const auto stop = [&](clock_kind clock, timestamp moment) {
    return clocks.stop_clock(id, clock, moment, "by telephone", analyst);
  };
  BOOST_TEST((stop(clock_kind::owner_notified, at + 1h).error().why == store_errc::refused));
  BOOST_TEST((stop(clock_kind::owner_notified, at - 240h).error().why == store_errc::refused));
  BOOST_TEST((stop(clock_kind::closed, at).error().why == store_errc::refused));
  BOOST_TEST(stop(clock_kind::owner_notified, at).has_value());
  read();
  BOOST_TEST(((*clocks.clocks_of(id))[clock_kind::owner_notified] == at));
  BOOST_TEST((stop(clock_kind::owner_notified, at).error().why == store_errc::refused));
  BOOST_TEST((clocks.stop_clock({99}, clock_kind::contained, at, "", analyst).error().why ==
              store_errc::not_found));
}

BOOST_AUTO_TEST_CASE(running_deadlines_come_soonest_first_in_pages) {
  const auto id = open();
  move(id, incident_state::triaged);
  read();
  run("UPDATE deadline SET met = NULL");
  const timestamp far = tests::this_moment() + 1000h;
  const auto first = *clocks.running({far, false, std::nullopt, 1});
  BOOST_REQUIRE(first.size() == 1U);
  const auto& last = first[0];
  const auto second = *clocks.running(
      {far, false, deadline_key{last.what.due, last.incident, last.what.regime, last.what.clock},
       1});
  BOOST_REQUIRE(second.size() == 1U);
  BOOST_TEST((second[0].what.due > last.what.due));
  BOOST_TEST(clocks.running({far, true, std::nullopt, 10})->empty());
}

BOOST_AUTO_TEST_SUITE_END()
