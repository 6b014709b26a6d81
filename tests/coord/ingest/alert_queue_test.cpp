#include "coord/ingest/alert_queue.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(queue_of_alerts)

using namespace cresset::coord::ingest;
using namespace std::chrono_literals;

queued_run run(std::uint64_t first, std::size_t entries, std::size_t bytes = 10) {
  queued_run made;
  made.run.first = first;
  made.run.entries.resize(entries, dropped_range{});
  made.bytes = bytes;
  return made;
}

BOOST_AUTO_TEST_CASE(it_refuses_what_is_over_its_limits_and_takes_any_run_alone) {
  alert_queue queue{{.alerts = 10, .bytes = 100, .sensor_share_percent = 100}};
  BOOST_TEST(queue.try_push(run(1, 50)));
  BOOST_TEST(!queue.try_push(run(51, 1)));
  (void)queue.pop(2000, 0ms);
  BOOST_TEST(queue.try_push(run(51, 5, 60)));
  BOOST_TEST(!queue.try_push(run(56, 5, 60)));
  BOOST_TEST(queue.try_push(run(56, 5, 40)));
  BOOST_TEST(!queue.try_push(run(61, 1, 0)));
  BOOST_TEST(queue.alerts() == 10);
}

BOOST_AUTO_TEST_CASE(one_sensor_fills_its_share_and_the_rest_is_for_the_others) {
  alert_queue queue{{.alerts = 100, .bytes = 1000}};
  const auto of = [](std::int64_t sensor, std::size_t entries, std::size_t bytes) {
    auto made = run(1, entries, bytes);
    made.run.sensor = {sensor};
    return made;
  };
  BOOST_TEST(queue.try_push(of(1, 50, 10)));
  BOOST_TEST(!queue.try_push(of(1, 1, 10)));
  BOOST_TEST(queue.try_push(of(2, 10, 10)));
  BOOST_TEST(queue.try_push(of(3, 10, 490)));
  BOOST_TEST(!queue.try_push(of(3, 1, 20))); // bytes have shares too
  BOOST_TEST(queue.bytes() == 510);
  (void)queue.pop(2000, 0ms);
  BOOST_TEST(queue.try_push(of(1, 50, 10)));
  BOOST_TEST(queue.try_push(of(4, 50, 10)));
  BOOST_TEST(!queue.try_push(of(5, 1, 10))); // full is full
}

BOOST_AUTO_TEST_CASE(work_comes_in_order_and_within_the_size_of_a_transaction) {
  alert_queue queue{{}};
  for (std::uint64_t first = 1; first <= 4; ++first)
    queue.try_push(run(first, 3));
  const auto one = queue.pop(7, 0ms);
  BOOST_REQUIRE(one.runs.size() == 2);
  BOOST_TEST(one.runs[1].run.first == 2);
  BOOST_TEST(queue.pop(1, 0ms).runs.size() == 1); // a single longer run comes alone
  BOOST_TEST(queue.pop(7, 0ms).runs.size() == 1);
  BOOST_TEST(queue.alerts() == 0);
}

BOOST_AUTO_TEST_CASE(a_hello_waits_for_the_runs_before_it) {
  alert_queue queue{{}};
  queue.try_push(queued_hello{{"a", 1}, {1}, {}});
  queue.try_push(run(1, 3));
  queue.try_push(queued_hello{{"b", 2}, {2}, {}});
  const auto one = queue.pop(2000, 0ms);
  BOOST_TEST(one.hellos.size() == 1);
  BOOST_TEST(one.runs.size() == 1);
  const auto two = queue.pop(2000, 0ms);
  BOOST_REQUIRE(two.hellos.size() == 1);
  BOOST_TEST(two.hellos[0].from.sensor == "b");
}

BOOST_AUTO_TEST_CASE(hellos_are_bounded) {
  alert_queue queue{{.hellos = 2}};
  BOOST_TEST(queue.try_push(queued_hello{{"a", 1}, {}, {}}));
  BOOST_TEST(queue.try_push(queued_hello{{"b", 1}, {}, {}}));
  BOOST_TEST(!queue.try_push(queued_hello{{"c", 1}, {}, {}}));
  BOOST_TEST(queue.try_push(queued_hello{{"a", 2}, {}, {}})); // in the place of the older one
  const auto work = queue.pop(2000, 0ms);
  BOOST_REQUIRE(work.hellos.size() == 2);
  BOOST_TEST(work.hellos[0].from.session == 2);
}

BOOST_AUTO_TEST_CASE(closed_it_is_empty_and_stays_so) {
  alert_queue queue{{}};
  queue.try_push(run(1, 3));
  queue.close();
  BOOST_TEST(queue.pop(2000, 10s).empty());
  BOOST_TEST(!queue.try_push(run(4, 1)));
  BOOST_TEST(queue.is_closed());
}

BOOST_AUTO_TEST_SUITE_END()
