#include "detect/inspect/threshold_table.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::detect::inspect;
using namespace cresset::detect::rule::options;

namespace {

const five_tuple one{*ip_address::parse("192.0.2.1"), *ip_address::parse("198.51.100.1"), 1000, 80,
                     ip_protocol::tcp};

/// At which of the given seconds a match becomes an alert.
std::vector<int> alerts(threshold_table& table, const threshold& by,
                        std::initializer_list<int> seconds, const five_tuple& tuple = one) {
  std::vector<int> allowed;
  for (const int s : seconds)
    if (table.allows(by, make_tracker_key(1, 42, by.track, tuple, 9),
                     timestamp{std::chrono::seconds{s}}))
      allowed.push_back(s);
  return allowed;
}

using list = std::vector<int>;

} // namespace

BOOST_AUTO_TEST_SUITE(thresholds)

BOOST_AUTO_TEST_CASE(limit_lets_the_first_of_each_window_through) {
  threshold_table table;
  const threshold by{threshold::type::limit, tracker::by_src, 2, 60, 0};
  BOOST_TEST((alerts(table, by, {1, 2, 3, 59, 61, 62, 63}) == list{1, 2, 61, 62}));
}

BOOST_AUTO_TEST_CASE(threshold_lets_every_nth_through) {
  threshold_table table;
  const threshold by{threshold::type::threshold, tracker::by_dst, 3, 60, 0};
  BOOST_TEST((alerts(table, by, {1, 2, 3, 4, 5, 6, 7}) == list{3, 6}));
}

BOOST_AUTO_TEST_CASE(both_lets_one_a_window_through) {
  threshold_table table;
  const threshold by{threshold::type::both, tracker::by_rule, 2, 10, 0};
  BOOST_TEST((alerts(table, by, {1, 2, 3, 4, 12, 13, 14}) == list{2, 13}));
}

BOOST_AUTO_TEST_CASE(backoff_waits_longer_each_time) {
  threshold_table table;
  const threshold by{threshold::type::backoff, tracker::by_flow, 1, 0, 10};
  list times;
  for (int i = 1; i <= 120; ++i)
    if (table.allows(by, make_tracker_key(1, 1, by.track, one, 5),
                     timestamp{std::chrono::seconds{i}}))
      times.push_back(i);
  BOOST_TEST((times == list{1, 10, 100}));
}

BOOST_AUTO_TEST_CASE(a_detection_filter_begins_behind_its_count) {
  threshold_table table;
  const detection_filter by{tracker::by_src, 2, 60};
  list times;
  for (const int s : {1, 2, 3, 4, 70, 71, 72})
    if (table.allows(by, make_tracker_key(1, 1, by.track, one, 5),
                     timestamp{std::chrono::seconds{s}}))
      times.push_back(s);
  BOOST_TEST((times == list{3, 4, 72}));
}

BOOST_AUTO_TEST_CASE(trackers_count_apart) {
  threshold_table table;
  const threshold by{threshold::type::limit, tracker::by_src, 1, 60, 0};
  BOOST_TEST((alerts(table, by, {1, 2}) == list{1}));
  BOOST_TEST((alerts(table, by, {3, 4}, one.reversed()) == list{3}));
  const threshold pair{threshold::type::limit, tracker::by_both, 1, 60, 0};
  BOOST_TEST((alerts(table, pair, {1}) == list{1}));
  BOOST_TEST(alerts(table, pair, {2}, one.reversed()).empty()); // the same pair, the other way
}

BOOST_AUTO_TEST_CASE(a_full_table_forgets_and_counts) {
  threshold_table table{16};
  const threshold by{threshold::type::limit, tracker::by_src, 1, 60, 0};
  for (std::uint32_t i = 0; i < 1000; ++i) {
    auto tuple = one;
    tuple.source = ip_address::v4(i);
    table.allows(by, make_tracker_key(1, 1, by.track, tuple, 0), timestamp{});
  }
  BOOST_TEST(table.evicted() > 900U);
}

BOOST_AUTO_TEST_CASE(a_rate_lasts_for_its_time_out) {
  threshold_table table;
  const rate_limit by{.count = 3, .seconds = 10, .timeout_s = 20};
  list exceeded;
  for (const int s : {1, 2, 3, 4, 22, 23, 24, 25, 60, 71, 72})
    if (table.is_exceeded(by, make_tracker_key(1, 42, tracker::by_src, one, 9),
                          timestamp{std::chrono::seconds{s}}))
      exceeded.push_back(s);
  BOOST_TEST((exceeded == list{3, 4, 22, 25}));
}

BOOST_AUTO_TEST_SUITE_END()
