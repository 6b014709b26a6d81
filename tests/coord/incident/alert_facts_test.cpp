#include "coord/incident/alert_facts.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::coord::incident;
using detect::alert::target_role;

namespace {

const auto source = ip_address::v4(0xc6336401);
const auto destination = ip_address::v4(0x0a000001);

detect::alert::alert alert_with(target_role target) {
  detect::alert::alert alert;
  alert.sid = 7;
  alert.tuple = five_tuple{source, destination, 1024, 80, ip_protocol::tcp};
  alert.target = target;
  return alert;
}

} // namespace

BOOST_AUTO_TEST_SUITE(coord_incident_alert_facts)

BOOST_AUTO_TEST_CASE(the_destination_is_the_victim_unless_the_rule_says_otherwise) {
  for (const auto target : {target_role::none, target_role::destination}) {
    const auto alert = alert_with(target);
    const auto key = facts_of(alert, {1}).key;
    BOOST_TEST((key.victim == destination));
    BOOST_TEST((key.attacker == source));
    BOOST_TEST((key.direction == group_direction::to_victim));
  }
  const auto alert = alert_with(target_role::source);
  const auto key = facts_of(alert, {1}).key;
  BOOST_TEST((key.victim == source));
  BOOST_TEST((key.attacker == destination));
  BOOST_TEST((key.direction == group_direction::from_victim));
}

BOOST_AUTO_TEST_CASE(an_exercise_stays_an_exercise_and_no_addresses_are_zero) {
  detect::alert::alert alert;
  alert.exercise = true;
  const auto facts = facts_of(alert, {1});
  BOOST_TEST(facts.key.exercise);
  BOOST_TEST((facts.key.victim == ip_address{}));
}

BOOST_AUTO_TEST_SUITE_END()
