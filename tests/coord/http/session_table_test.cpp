#include "coord/http/session_table.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::coord::http;
using namespace std::chrono_literals;

namespace {

session_hash hash_of(int number) {
  session_hash hash{};
  hash[0] = static_cast<std::byte>(number);
  return hash;
}

struct fixture {
  session_table::time_point at{100h};
  login_limits limits;
  session_table::endings over;
  account ann{"ann", 1, "", {right::reader}, false};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(coord_http_session_table, fixture)

BOOST_AUTO_TEST_CASE(what_was_put_in_is_found_until_it_is_over) {
  session_table table{limits};
  const auto number = table.insert(hash_of(1), ann, "csrf", 1h, at, over).who.session;
  BOOST_REQUIRE(table.find(hash_of(1), at, over) != nullptr);
  BOOST_TEST(table.is_open(number, at));
  BOOST_TEST((table.hash_of(number) == hash_of(1)));
  BOOST_TEST(table.find(hash_of(2), at, over) == nullptr);
  BOOST_TEST(over.ended.empty());
  BOOST_TEST(table.find(hash_of(1), at + limits.idle, over) == nullptr);
  BOOST_TEST(over.ended == std::vector<std::uint64_t>{number}, boost::test_tools::per_element());
  BOOST_TEST(over.idle.size() == 1U);
  BOOST_TEST(table.size() == 0U);
}

BOOST_AUTO_TEST_CASE(a_new_one_sweeps_those_that_are_over) {
  session_table table{limits};
  table.insert(hash_of(1), ann, "", 1min, at, over);
  table.insert(hash_of(2), ann, "", 1h, at + 1min, over);
  BOOST_TEST(table.size() == 1U);
  BOOST_TEST(table.expired() == 1U);
}

BOOST_AUTO_TEST_CASE(whoever_goes_for_want_of_room_is_dropped_at_the_source_too) {
  limits.sessions = 2;
  session_table table{limits};
  account bob = ann;
  bob.name = "bob";
  table.insert(hash_of(1), ann, "", 1h, at, over);
  table.insert(hash_of(2), bob, "", 1h, at + 1s, over);
  table.insert(hash_of(3), bob, "", 1h, at + 2s, over);
  BOOST_TEST(table.size() == 2U);
  BOOST_TEST(table.evicted() == 1U);
  BOOST_REQUIRE(over.idle.size() == 1U);
  BOOST_TEST((over.idle.front() == hash_of(1)));
}

BOOST_AUTO_TEST_CASE(all_of_an_account_go_but_one) {
  session_table table{limits};
  table.insert(hash_of(1), ann, "", 1h, at, over);
  const auto kept = table.insert(hash_of(2), ann, "", 1h, at, over).who.session;
  BOOST_TEST(table.take_out_all("bob", 0, over).empty());
  BOOST_TEST(table.take_out_all("ann", kept, over).size() == 1U);
  BOOST_TEST(!table.take_out(hash_of(1), over));
  BOOST_TEST(table.take_out(hash_of(2), over));
}

BOOST_AUTO_TEST_SUITE_END()
