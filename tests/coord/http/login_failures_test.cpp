#include "coord/http/login_failures.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::coord::http;
using namespace std::chrono_literals;

namespace {

struct fixture {
  login_failures::time_point at{1h};
  login_failures failures{login_limits{}};

  void fail(int times, const std::string& name = "ann", const std::string& peer = "192.0.2.1") {
    for (int i = 0; i < times; ++i)
      failures.count(name, peer, at);
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(coord_http_login_failures, fixture)

BOOST_AUTO_TEST_CASE(a_few_failures_cost_nothing) {
  fail(4);
  BOOST_TEST(failures.wait("ann", "192.0.2.1", at).count() == 0);
}

BOOST_AUTO_TEST_CASE(the_wait_doubles_up_to_its_longest_and_passes) {
  fail(5);
  BOOST_TEST(failures.wait("ann", "192.0.2.1", at).count() == 4);
  fail(1);
  BOOST_TEST(failures.wait("ann", "192.0.2.1", at).count() == 8);
  BOOST_TEST(failures.wait("ann", "192.0.2.1", at + 5s).count() == 3);
  BOOST_TEST(failures.wait("ann", "192.0.2.1", at + 8s).count() == 0);
  fail(60);
  BOOST_TEST(failures.wait("ann", "192.0.2.1", at).count() == 15 * 60);
}

BOOST_AUTO_TEST_CASE(a_stranger_does_not_lock_a_colleague_out) {
  fail(20);
  BOOST_TEST(failures.wait("ann", "192.0.2.1", at).count() > 0);
  BOOST_TEST(failures.wait("ann", "192.0.2.2", at).count() == 0);
}

BOOST_AUTO_TEST_CASE(an_address_that_tries_many_names_waits) {
  for (int i = 0; i < 30; ++i)
    fail(1, "name" + std::to_string(i));
  BOOST_TEST(failures.wait("another", "192.0.2.1", at).count() == 4);
  BOOST_TEST(failures.wait("another", "192.0.2.2", at).count() == 0);
}

BOOST_AUTO_TEST_CASE(a_name_tried_from_many_addresses_waits_at_last) {
  for (int i = 0; i < 100; ++i)
    fail(1, "ann", "192.0.2." + std::to_string(i));
  BOOST_TEST(failures.wait("ann", "198.51.100.1", at).count() == 4);
}

BOOST_AUTO_TEST_CASE(success_forgets_the_name_but_not_what_the_address_did) {
  fail(6);
  failures.forget("ann", "192.0.2.1");
  BOOST_TEST(failures.wait("ann", "192.0.2.1", at).count() == 0);
  for (int i = 0; i < 24; ++i)
    fail(1, "name" + std::to_string(i));
  BOOST_TEST(failures.wait("ann", "192.0.2.1", at).count() == 4);
}

BOOST_AUTO_TEST_CASE(the_table_keeps_its_limit) {
  login_limits limits;
  limits.tracked_failures = 9;
  login_failures small{limits};
  for (int i = 0; i < 100; ++i)
    small.count("name" + std::to_string(i), "192.0.2." + std::to_string(i),
                at + std::chrono::seconds{i});
  BOOST_TEST(small.size() == 9U);
}

BOOST_AUTO_TEST_SUITE_END()
