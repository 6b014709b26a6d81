#include "coord/alarm/call_out.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::coord::alarm;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(coord_alarm_call_out)

BOOST_AUTO_TEST_CASE(each_step_comes_in_its_time_until_the_list_is_through) {
  const timestamp raised = timestamp_from_ns(1'700'000'000'000'000'000);
  const std::vector<call_out_step> list{{0s, {"a@b.example"}, {}},
                                        {15min, {}, {"https://c.example"}}};
  BOOST_TEST((due_step(list, 0, raised, raised) == std::size_t{0}));
  BOOST_TEST(!due_step(list, 1, raised, raised + 14min).has_value());
  BOOST_TEST((due_step(list, 1, raised, raised + 15min) == std::size_t{1}));
  BOOST_TEST(!due_step(list, 2, raised, raised + 24h).has_value());
  BOOST_TEST(!due_step({}, 0, raised, raised + 24h).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
