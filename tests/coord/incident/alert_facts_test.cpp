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

/// Says of 10.0.0.0/8 that it is ours, and of everything else that it is of XX.
class ten_is_ours : public address_book {
public:
  address_place find(const ip_address& address) const noexcept override {
    if (address.prefix(8) == ip_address::v4(0x0a000000))
      return {true, "power-plant", "energy", "KZ", 5};
    return {false, "", "", "XX", 0};
  }
  bool has_segment() const noexcept override { return true; }
};

detect::alert::alert between(const char* from, const char* to) {
  auto alert = alert_with(target_role::none);
  alert.tuple->source = *ip_address::parse(from);
  alert.tuple->destination = *ip_address::parse(to);
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

BOOST_AUTO_TEST_CASE(the_side_inside_our_segment_is_the_victim_unless_the_rule_says_otherwise) {
  const ten_is_ours book;
  const auto out = between("10.0.0.1", "198.51.100.1");
  auto facts = facts_of(out, {1}, &book);
  BOOST_TEST((facts.key.victim == ip_address::v4(0x0a000001)));
  BOOST_TEST((facts.key.direction == group_direction::from_victim));
  BOOST_TEST((facts.key.way == traffic::outbound));
  BOOST_TEST(facts.victim_place.owner == "power-plant");
  BOOST_TEST(facts.victim_place.criticality == 5);
  BOOST_TEST(facts.attacker_place.country == "XX");
  auto targeted = out;
  targeted.target = target_role::destination;
  facts = facts_of(targeted, {1}, &book);
  BOOST_TEST((facts.key.victim == ip_address::v4(0xc6336401)));
  BOOST_TEST((facts.key.way == traffic::outbound));
  BOOST_TEST(facts.victim_place.country == "XX");
}

BOOST_AUTO_TEST_CASE(traffic_is_told_by_which_ends_are_ours) {
  const ten_is_ours book;
  const auto way = [&](const char* from, const char* to) {
    return to_string(facts_of(between(from, to), {1}, &book).key.way);
  };
  BOOST_TEST(way("198.51.100.1", "10.0.0.1") == "inbound");
  BOOST_TEST(way("10.0.0.1", "198.51.100.1") == "outbound");
  BOOST_TEST(way("10.0.0.1", "10.9.9.9") == "domestic");
  BOOST_TEST(way("198.51.100.1", "203.0.113.1") == "transit");
  const auto alert = between("10.0.0.1", "10.9.9.9");
  BOOST_TEST(to_string(facts_of(alert, {1}).key.way) == "unknown");
}

BOOST_AUTO_TEST_CASE(an_exercise_stays_an_exercise_and_no_addresses_are_zero) {
  detect::alert::alert alert;
  alert.exercise = true;
  const auto facts = facts_of(alert, {1});
  BOOST_TEST(facts.key.exercise);
  BOOST_TEST((facts.key.victim == ip_address{}));
}

BOOST_AUTO_TEST_SUITE_END()
