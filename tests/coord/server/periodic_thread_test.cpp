#include "coord/server/periodic_thread.hpp"

#include <boost/test/unit_test.hpp>

#include <future>

using namespace cresset::coord::server;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(coord_server_periodic_thread)

BOOST_AUTO_TEST_CASE(it_acts_again_and_again_until_it_ends) {
  int times = 0;
  std::promise<void> thrice;
  {
    periodic_thread thread{1ms, [&] {
                             if (++times == 3)
                               thrice.set_value();
                           }};
    BOOST_TEST((thrice.get_future().wait_for(20s) == std::future_status::ready));
  }
  BOOST_TEST(times >= 3);
}

BOOST_AUTO_TEST_CASE(ending_does_not_wait_for_the_next_time) {
  const auto begun = std::chrono::steady_clock::now();
  {
    const periodic_thread thread{1h, [] {}};
  }
  BOOST_TEST((std::chrono::steady_clock::now() - begun < 10s));
}

BOOST_AUTO_TEST_SUITE_END()
