#include "capture/base/bounded_queue.hpp"

#include <boost/test/unit_test.hpp>

#include <thread>

using cresset::bounded_queue;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(bounded_queue_limits)

BOOST_AUTO_TEST_CASE(what_is_over_the_limit_is_refused_and_counted) {
  bounded_queue<int> queue{2};
  BOOST_TEST(queue.try_push(1));
  BOOST_TEST(queue.try_push(2));
  BOOST_TEST(!queue.try_push(3));
  BOOST_TEST(queue.refused() == 1U);
  BOOST_TEST(*queue.try_pop() == 1);
  BOOST_TEST(queue.try_push(4));
}

BOOST_AUTO_TEST_CASE(a_closed_queue_gives_what_it_holds_and_takes_no_more) {
  bounded_queue<int> queue{2};
  BOOST_TEST(queue.push(1));
  queue.close();
  BOOST_TEST(!queue.push(2));
  BOOST_TEST(*queue.pop(0ms) == 1);
  BOOST_TEST(!queue.pop(0ms).has_value());
}

BOOST_AUTO_TEST_CASE(a_waiting_push_goes_on_when_there_is_room) {
  bounded_queue<int> queue{1};
  BOOST_TEST(queue.push(1));
  std::thread pusher{[&] { queue.push(2); }};
  BOOST_TEST(*queue.pop(10s) == 1);
  BOOST_TEST(*queue.pop(10s) == 2);
  pusher.join();
}

BOOST_AUTO_TEST_SUITE_END()
