#include "capture/base/wake_event.hpp"

#include <boost/test/unit_test.hpp>

#include <thread>

BOOST_AUTO_TEST_SUITE(wake_events)

using namespace std::chrono_literals;

BOOST_AUTO_TEST_CASE(raised_twice_is_raised_once) {
  cresset::wake_event event;
  BOOST_TEST(!event.wait(0ms));
  event.raise();
  event.raise();
  BOOST_TEST(event.wait(0ms));
  BOOST_TEST(event.clear());
  BOOST_TEST(!event.clear());
}

BOOST_AUTO_TEST_CASE(another_thread_ends_the_waiting) {
  cresset::wake_event event;
  std::thread other{[&] { event.raise(); }};
  BOOST_TEST(event.wait(60s));
  other.join();
}

BOOST_AUTO_TEST_SUITE_END()
