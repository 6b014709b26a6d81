#include "coord/store/alarm/alarm_store.hpp"

#include "tests/coord/store/store_fixture.hpp"

using namespace cresset;
using namespace cresset::coord::alarm;
using coord::incident::store_errc;

namespace {

struct fixture : tests::store_fixture {
  coord::store::alarm::alarm_store alarms_{pool};
  timestamp at = tests::this_moment();

  alarm_id raise(const std::string& subject, bool exercise = false) {
    const auto raised = alarms_.raise(
        {alarm_kind::sensor_silent, subject, subject + " is silent", std::nullopt, exercise}, at);
    BOOST_REQUIRE_MESSAGE(raised, (raised ? "" : raised.error().text));
    return raised->id;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(coord_store_alarm_store, fixture)

BOOST_AUTO_TEST_CASE(raising_twice_makes_one_alarm_until_its_cause_goes_away) {
  const auto first = raise("ix-1");
  BOOST_TEST((raise("ix-1") == first));
  BOOST_TEST(alarms_.clear(alarm_kind::sensor_silent, "ix-1", at).has_value());
  BOOST_TEST((raise("ix-1") != first));
  BOOST_TEST(alarms_.clear(alarm_kind::sensor_silent, "never", at).has_value());
  BOOST_TEST(text("SELECT string_agg(kind, ',' ORDER BY sequence) FROM journal") ==
             "alarm_raised,alarm_cleared,alarm_raised");
}

BOOST_AUTO_TEST_CASE(somebody_acknowledges_by_name_once) {
  const auto id = raise("ix-1");
  const auto taken = alarms_.acknowledge(id, analyst, at);
  BOOST_REQUIRE(taken);
  BOOST_TEST(taken->acknowledged_by == "ana");
  BOOST_TEST((alarms_.acknowledge(id, analyst, at).error().why == store_errc::refused));
  BOOST_TEST((alarms_.acknowledge({99}, analyst, at).error().why == store_errc::not_found));
  BOOST_TEST(alarms_.alarms({})->empty());
  BOOST_TEST(alarms_.alarms({false, std::nullopt, 10})->size() == 1U);
}

BOOST_AUTO_TEST_CASE(the_call_out_sees_what_is_open_and_no_exercise) {
  const auto id = raise("ix-1");
  raise("ix-2", true);
  const auto waiting = alarms_.waiting(10);
  BOOST_REQUIRE(waiting->size() == 1U);
  BOOST_TEST((waiting->front().id == id));
  BOOST_TEST(alarms_
                 .called(id, 0,
                         {{id, 0, "mail", "duty@cirt.example", at, ""},
                          {id, 0, "webhook", "https://x.example", at, "refused"}})
                 .has_value());
  BOOST_TEST(alarms_.waiting(10)->front().steps_done == 1);
  const auto calls = alarms_.calls_of(id, 10);
  BOOST_REQUIRE(calls->size() == 2U);
  BOOST_TEST(calls->at(1).failure == "refused");
}

BOOST_AUTO_TEST_CASE(alarms_come_in_pages_newest_first) {
  for (const auto* name : {"a", "b", "c"})
    raise(name);
  const auto page = alarms_.alarms({true, std::nullopt, 2});
  BOOST_REQUIRE(page->size() == 2U);
  BOOST_TEST(page->at(0).cause.subject == "c");
  const auto rest = alarms_.alarms({true, page->at(1).id, 2});
  BOOST_REQUIRE(rest->size() == 1U);
  BOOST_TEST(rest->at(0).cause.subject == "a");
}

BOOST_AUTO_TEST_SUITE_END()
