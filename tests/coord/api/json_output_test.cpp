#include "coord/api/json_output.hpp"

#include "detect/alert/wire.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::coord;

namespace {

template <typename Value>
boost::json::object parsed(const Value& value) {
  return boost::json::parse(api::to_json(value)).as_object();
}

} // namespace

BOOST_AUTO_TEST_SUITE(coord_api_json_output)

BOOST_AUTO_TEST_CASE(a_group_tells_its_key_and_counts) {
  incident::alert_group group;
  group.id = {7};
  group.key.sid = 2001;
  group.key.victim = ip_address::v4(0xC0000201);
  group.key.attacker = ip_address::v4(0xC6336400);
  group.key.level = incident::attacker_level::prefix;
  group.message = "a \"quoted\" <b>message</b>";
  group.alerts = 12;
  group.last_alert = {99};
  group.samples = {{1}, {2}};
  group.reopened = "new_alerts";
  const auto json = parsed(group);
  BOOST_TEST(json.at("victim").as_string() == "192.0.2.1");
  BOOST_TEST(json.at("attacker").as_string() == "198.51.100.0/24");
  BOOST_TEST(json.at("message").as_string() == "a \"quoted\" <b>message</b>");
  BOOST_TEST(json.at("last_alert").as_int64() == 99);
  BOOST_TEST(json.at("samples").as_array().size() == 2U);
  BOOST_TEST(json.at("reopened").as_string() == "new_alerts");
  BOOST_TEST(json.at("incident").is_null());
  BOOST_TEST(json.at("first_seen").is_null());
}

BOOST_AUTO_TEST_CASE(a_group_of_many_attackers_says_so) {
  incident::alert_group group;
  group.key.level = incident::attacker_level::many;
  BOOST_TEST(parsed(group).at("attacker").as_string() == "many");
}

BOOST_AUTO_TEST_CASE(an_alert_carries_its_record_as_an_event_line) {
  detect::alert::alert record;
  record.sensor = "s1";
  record.epoch.bytes[0] = std::byte{1};
  record.sequence = 1;
  record.sid = 7;
  record.severity = detect::alert::severity{2};
  record.msg = "hello";
  incident::stored_alert alert;
  alert.position = {5};
  alert.tuple.protocol = ip_protocol::tcp;
  alert.tuple.destination_port = 80;
  alert.record = detect::alert::encode(record);
  const auto json = parsed(alert);
  BOOST_TEST(json.at("protocol").as_string() == "TCP");
  BOOST_TEST(json.at("destination").at("port").as_int64() == 80);
  BOOST_TEST(json.at("event").at("alert").at("signature").as_string() == "hello");
}

BOOST_AUTO_TEST_CASE(a_record_that_cannot_be_read_is_null) {
  incident::stored_alert alert;
  alert.record = {std::byte{1}, std::byte{2}};
  BOOST_TEST(parsed(alert).at("event").is_null());
}

BOOST_AUTO_TEST_CASE(evidence_is_in_base64_with_its_hash) {
  incident::evidence evidence;
  evidence.kind = "payload";
  evidence.bytes = {std::byte{'h'}, std::byte{0}, std::byte{0xff}};
  const auto json = parsed(evidence);
  BOOST_TEST(json.at("bytes").as_string() == "aAD/");
  BOOST_TEST(json.at("size").as_int64() == 3);
  BOOST_TEST(json.at("sha256").as_string().size() == 64U);
}

BOOST_AUTO_TEST_CASE(decisions_and_incidents_are_objects_with_all_their_members) {
  incident::decision decision;
  decision.kind = incident::decision_kind::dismiss;
  decision.code = incident::reason_code::benign;
  decision.stands =
      incident::standing{incident::dismissal_scope::rule, timestamp_from_ns(1'000'000'000)};
  const auto json = parsed(decision);
  BOOST_TEST(json.at("code").as_string() == "benign");
  BOOST_TEST(json.at("stands").at("expires").as_string() == "1970-01-01T00:00:01.000Z");
  incident::incident one;
  one.victims = {ip_address::v4(1)};
  one.label = incident::tlp::amber_strict;
  BOOST_TEST(parsed(one).at("tlp").as_string() == "amber+strict");
  BOOST_TEST(parsed(one).at("state").as_string() == "new");
  BOOST_TEST(!parsed(one).contains("closed_as"));
  BOOST_TEST(parsed(incident::incident_event{}).at("kind").as_string() == "");
}

BOOST_AUTO_TEST_SUITE_END()
