#include "detect/flow/timer_wheel.hpp"

#include "tests/detect/flow/packets.hpp"

#include <boost/test/unit_test.hpp>

#include <random>

using namespace cresset;
using namespace cresset::detect::flow;
using cresset::detect::flow::test::at_second;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(timer_wheel_test)

namespace {
struct fixture {
  timer_wheel wheel{100, 16, 1s};
  fixture() { wheel.start(at_second(0)); }
  std::vector<timer_wheel::entry> due(std::int64_t second) {
    std::vector<timer_wheel::entry> called;
    wheel.advance(at_second(second), [&](timer_wheel::entry e) { called.push_back(e); });
    std::sort(called.begin(), called.end());
    return called;
  }
};
using entries = std::vector<timer_wheel::entry>;
} // namespace

BOOST_AUTO_TEST_CASE(an_entry_is_due_once_and_at_most_one_tick_late) {
  fixture f;
  f.wheel.schedule(7, at_second(3));
  BOOST_TEST(f.due(2) == entries{});
  BOOST_TEST(f.due(3) == entries{});
  BOOST_TEST(f.due(4) == entries{7});
  BOOST_TEST(f.due(100) == entries{});
}

BOOST_AUTO_TEST_CASE(a_new_appointment_replaces_the_old) {
  fixture f;
  f.wheel.schedule(1, at_second(2));
  f.wheel.schedule(1, at_second(6));
  BOOST_TEST(f.due(5) == entries{});
  f.wheel.schedule(1, at_second(4)); // in the past by now: due at the next tick
  BOOST_TEST(f.due(6) == entries{1});
}

BOOST_AUTO_TEST_CASE(what_was_cancelled_is_not_due) {
  fixture f;
  for (timer_wheel::entry e = 0; e < 5; ++e)
    f.wheel.schedule(e, at_second(2));
  f.wheel.cancel(2);
  f.wheel.cancel(2);
  f.wheel.cancel(0);
  f.wheel.cancel(4);
  BOOST_TEST(!f.wheel.is_scheduled(2));
  BOOST_TEST(f.due(9) == (entries{1, 3}));
}

BOOST_AUTO_TEST_CASE(a_deadline_beyond_the_ring_comes_round_early) {
  fixture f;
  f.wheel.schedule(1, at_second(1000));
  BOOST_TEST(f.due(17) == entries{1}); // the caller looks at the real deadline and schedules anew
}

BOOST_AUTO_TEST_CASE(a_clock_that_jumps_visits_every_slot_once) {
  fixture f;
  for (timer_wheel::entry e = 0; e < 50; ++e)
    f.wheel.schedule(e, at_second(e));
  BOOST_TEST(f.due(1'000'000).size() == 50U);
  BOOST_TEST(f.due(2'000'000).empty());
}

BOOST_AUTO_TEST_CASE(a_clock_that_runs_backwards_changes_nothing) {
  fixture f;
  f.wheel.schedule(1, at_second(3));
  BOOST_TEST(f.due(-50).empty());
  f.wheel.schedule(2, at_second(-10));
  BOOST_TEST(f.due(1) == entries{2});
  BOOST_TEST(f.due(4) == entries{1});
}

BOOST_AUTO_TEST_CASE(an_entry_may_be_scheduled_again_while_it_is_called) {
  fixture f;
  f.wheel.schedule(1, at_second(1));
  int calls = 0;
  f.wheel.advance(at_second(500), [&](timer_wheel::entry e) {
    ++calls;
    f.wheel.schedule(e, at_second(501));
  });
  BOOST_TEST(calls == 1);
  BOOST_TEST(f.due(502) == entries{1});
}

BOOST_AUTO_TEST_CASE(one_that_is_called_may_cancel_another_that_is_due) {
  fixture f;
  f.wheel.schedule(1, at_second(1));
  f.wheel.schedule(2, at_second(1));
  int calls = 0;
  f.wheel.advance(at_second(3), [&](timer_wheel::entry e) {
    ++calls;
    f.wheel.cancel(3 - e);
  });
  BOOST_TEST(calls == 1);
}

BOOST_AUTO_TEST_CASE(random_appointments_are_kept) {
  fixture f;
  std::mt19937 random{5};
  std::vector<std::int64_t> deadline(100, -1);
  for (std::int64_t second = 1; second < 400; ++second) {
    for (int i = 0; i < 5; ++i) {
      const auto e = static_cast<timer_wheel::entry>(random() % 100);
      deadline[e] = second + static_cast<std::int64_t>(random() % 15);
      f.wheel.schedule(e, at_second(deadline[e]));
    }
    entries expected;
    for (timer_wheel::entry e = 0; e < 100; ++e)
      if (deadline[e] >= 0 && deadline[e] < second + 1) {
        expected.push_back(e);
        deadline[e] = -1;
      }
    BOOST_TEST(f.due(second + 1) == expected);
  }
}

BOOST_AUTO_TEST_SUITE_END()
