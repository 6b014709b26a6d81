#include "detect/sensor/turn.hpp"

#include <boost/test/unit_test.hpp>

#include <mutex>
#include <thread>

using cresset::detect::sensor::turns;

BOOST_AUTO_TEST_SUITE(turns_of_workers)

BOOST_AUTO_TEST_CASE(a_burst_ends_behind_its_packets) {
  BOOST_TEST(turns::of_packet(3) < turns::of_end(3));
  BOOST_TEST(turns::of_end(3) < turns::of_packet(4));
}

BOOST_AUTO_TEST_CASE(the_first_waits_for_nobody) {
  turns order{2};
  order.reach(0, turns::of_packet(5));
  order.reach(1, turns::of_packet(5));
  order.wait(0); // among equals the lower number
  order.reach(1, turns::of_packet(4));
  order.wait(1);
  order.reach(0, turns::over);
  order.reach(1, turns::of_packet(9));
  order.wait(1); // who is over holds up nobody
}

BOOST_AUTO_TEST_CASE(shared_things_are_touched_in_the_order_of_packets) {
  constexpr std::uint32_t workers = 4;
  constexpr std::uint64_t packets = 400;
  turns order{workers};
  std::mutex mutex;
  std::vector<std::uint64_t> touched;
  std::vector<std::thread> threads;
  for (std::uint32_t w = 0; w < workers; ++w)
    threads.emplace_back([&, w] {
      for (std::uint64_t number = 1; number <= packets; ++number) {
        if (number * 2654435761U % workers != w)
          continue;
        order.reach(w, turns::of_packet(number));
        order.wait(w);
        const std::lock_guard lock{mutex};
        touched.push_back(number);
      }
      order.reach(w, turns::over);
    });
  for (auto& t : threads)
    t.join();
  BOOST_TEST(touched.size() == packets);
  BOOST_TEST(std::is_sorted(touched.begin(), touched.end()));
}

BOOST_AUTO_TEST_SUITE_END()
