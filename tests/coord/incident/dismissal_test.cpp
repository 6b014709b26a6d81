#include "coord/incident/dismissal.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::coord::incident;
using namespace std::chrono_literals;

namespace {

const timestamp t0 = timestamp_from_ns(1'795'305'600'000'000'000);
const auto victim = ip_address::v4(0x0a000001);
const auto attacker = ip_address::v4(0xc6336401);

group_key key_of(std::uint32_t sid, ip_address of, ip_address from) {
  group_key key;
  key.sid = sid;
  key.victim = of;
  key.attacker = from;
  return key;
}

standing_dismissal dismissal_of(dismissal_scope scope) {
  standing_dismissal d;
  d.decision = {1};
  d.scope = scope;
  d.made_on = key_of(7, victim, attacker);
  d.severity = 2;
  d.hourly_rate = 5;
  d.expires = t0 + 24h;
  d.victims = {victim};
  d.hour = t0;
  return d;
}

} // namespace

BOOST_AUTO_TEST_SUITE(coord_incident_dismissal)

BOOST_AUTO_TEST_CASE(what_it_covers_is_counted) {
  auto d = dismissal_of(dismissal_scope::group);
  BOOST_TEST((weigh(d, d.made_on, 2, 3, t0) == coverage::covered));
  BOOST_TEST((weigh(d, d.made_on, 3, 4, t0) == coverage::covered));
  BOOST_TEST(d.matched == 7);
}

BOOST_AUTO_TEST_CASE(each_scope_covers_no_more_than_its_name_says) {
  const auto other = ip_address::v4(0xc6336402);
  const auto other_attacker = key_of(7, victim, other);
  const auto other_rule = key_of(8, victim, attacker);
  for (const auto scope : {dismissal_scope::group, dismissal_scope::rule_attacker})
    BOOST_TEST(!is_in_scope(dismissal_of(scope), other_attacker));
  for (const auto scope : {dismissal_scope::rule_victim, dismissal_scope::rule})
    BOOST_TEST(is_in_scope(dismissal_of(scope), other_attacker));
  BOOST_TEST(!is_in_scope(dismissal_of(dismissal_scope::rule), other_rule));
  auto exercise = dismissal_of(dismissal_scope::rule).made_on;
  exercise.exercise = true;
  BOOST_TEST(!is_in_scope(dismissal_of(dismissal_scope::rule), exercise));
}

BOOST_AUTO_TEST_CASE(a_more_urgent_severity_ends_it) {
  auto d = dismissal_of(dismissal_scope::group);
  BOOST_TEST((weigh(d, d.made_on, 1, 1, t0) == coverage::higher_severity));
  BOOST_TEST(!d.active);
  BOOST_TEST(d.ended == "higher_severity");
  BOOST_TEST((weigh(d, d.made_on, 3, 1, t0) == coverage::outside));
}

BOOST_AUTO_TEST_CASE(a_new_victim_is_not_covered_and_the_others_still_are) {
  auto d = dismissal_of(dismissal_scope::rule);
  const auto stranger = key_of(7, ip_address::v4(0x0a000002), attacker);
  BOOST_TEST((weigh(d, stranger, 3, 1, t0) == coverage::new_victim));
  BOOST_TEST((weigh(d, d.made_on, 3, 1, t0) == coverage::covered));
}

BOOST_AUTO_TEST_CASE(a_tenfold_rate_ends_it_and_the_rate_itself_does_not) {
  auto d = dismissal_of(dismissal_scope::group);
  BOOST_TEST((weigh(d, d.made_on, 3, 50, t0) == coverage::covered));
  BOOST_TEST((weigh(d, d.made_on, 3, 1, t0 + 59min) == coverage::tenfold_rate));
  auto slow = dismissal_of(dismissal_scope::group);
  BOOST_TEST((weigh(slow, slow.made_on, 3, 50, t0) == coverage::covered));
  BOOST_TEST((weigh(slow, slow.made_on, 3, 50, t0 + 1h) == coverage::covered));
}

BOOST_AUTO_TEST_CASE(a_few_alerts_are_never_a_tenfold_rate) {
  auto d = dismissal_of(dismissal_scope::group);
  d.hourly_rate = 0.1;
  BOOST_TEST((weigh(d, d.made_on, 3, rate_floor, t0) == coverage::covered));
  BOOST_TEST((weigh(d, d.made_on, 3, 1, t0) == coverage::tenfold_rate));
}

BOOST_AUTO_TEST_CASE(it_ends_when_it_expires) {
  auto d = dismissal_of(dismissal_scope::group);
  BOOST_TEST((weigh(d, d.made_on, 3, 1, d.expires) == coverage::expired));
  BOOST_TEST(d.ended == "expired");
}

BOOST_AUTO_TEST_CASE(a_rate_counts_at_least_an_hour) {
  BOOST_TEST(hourly_rate(30, t0, t0 + 1s) == 30.0);
  BOOST_TEST(hourly_rate(30, t0, t0 + 3h) == 10.0);
}

BOOST_AUTO_TEST_SUITE_END()
