#include "detect/alert/eve.hpp"

#include "tests/detect/alert/example_alert.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(eve_lines)

using namespace cresset;
using namespace cresset::detect::alert;
namespace json = boost::json;

json::object line(const detect::alert::alert& from, const eve_options& options = {}) {
  std::string text;
  append_eve(text, from, options);
  BOOST_REQUIRE(text.ends_with("}\n"));
  return json::parse(text.substr(0, text.size() - 1)).as_object();
}

json::value at(const json::object& event, std::string_view pointer) {
  return json::value(event).at_pointer(pointer);
}

BOOST_AUTO_TEST_CASE(the_envelope_and_the_packet_stand_under_their_names) {
  const auto event = line(example_alert());
  BOOST_TEST(event.at("timestamp") == "2009-10-16T16:44:16.083524+0000");
  BOOST_TEST(event.at("flow_id") == 1'234'567'890'123'456);
  BOOST_TEST(event.at("pcap_cnt") == 7);
  BOOST_TEST(event.at("event_type") == "alert");
  BOOST_TEST(event.at("in_iface") == "ens1f0");
  BOOST_TEST((event.at("vlan") == json::value{23, 3136}));
  BOOST_TEST(event.at("src_ip") == "10.16.1.11");
  BOOST_TEST(event.at("src_port") == 36926);
  BOOST_TEST(event.at("dest_ip") == "9.9.9.9");
  BOOST_TEST(event.at("dest_port") == 80);
  BOOST_TEST(event.at("proto") == "TCP");
  BOOST_TEST(event.at("ip_v") == 4);
  BOOST_TEST(event.at("pkt_src") == "wire/pcap");
  BOOST_TEST(event.at("community_id") == "1:LQU9qZlK+B5F3KDmev6m5PMibrg=");
  BOOST_TEST(event.at("tx_id") == 0);
  BOOST_TEST(event.at("direction") == "to_server");
  BOOST_TEST(event.at("app_proto") == "http");
  BOOST_TEST(!event.contains("host"));
}

BOOST_AUTO_TEST_CASE(the_rule_stands_in_the_alert_object) {
  const auto event = line(example_alert());
  BOOST_TEST(at(event, "/alert/action") == "allowed");
  BOOST_TEST(at(event, "/alert/gid") == 1);
  BOOST_TEST(at(event, "/alert/signature_id") == 2'019'401);
  BOOST_TEST(at(event, "/alert/rev") == 4);
  BOOST_TEST(at(event, "/alert/signature") == "ET MALWARE Beacon \"x\"");
  BOOST_TEST(at(event, "/alert/category") == "A Network Trojan was detected");
  BOOST_TEST(at(event, "/alert/severity") == 1);
  BOOST_TEST((at(event, "/alert/metadata/tag") == json::value{"one", "two"}));
  BOOST_TEST(at(event, "/alert/metadata/mitre_technique_id/0") == "T1071");
  BOOST_TEST(at(event, "/alert/references/0") == "https://example.org/cve");
  BOOST_TEST(at(event, "/alert/context/ua") == "Mozilla");
}

BOOST_AUTO_TEST_CASE(the_target_of_the_rule_is_the_end_it_names) {
  const auto event = line(example_alert());
  BOOST_TEST(at(event, "/alert/target/ip") == "10.16.1.11");
  BOOST_TEST(at(event, "/alert/target/port") == 36926);
  BOOST_TEST(at(event, "/alert/source/ip") == "9.9.9.9");
}

BOOST_AUTO_TEST_CASE(flow_transaction_and_variables_stand_beside_it) {
  const auto event = line(example_alert());
  BOOST_TEST(at(event, "/flow/pkts_toserver") == 4);
  BOOST_TEST(at(event, "/flow/bytes_toclient") == 1588);
  BOOST_TEST(at(event, "/flow/start") == "2009-10-16T16:44:16.083524+0000");
  BOOST_TEST(at(event, "/flow/src_port") == 36926);
  BOOST_TEST(at(event, "/http/status") == 200);
  BOOST_TEST(at(event, "/files/0/filename") == "a");
  BOOST_TEST(at(event, "/metadata/flowbits/0") == "seen");
}

BOOST_AUTO_TEST_CASE(evidence_is_printed_when_asked_for) {
  const auto event =
      line(example_alert(),
           {.payload = true, .payload_printable = true, .packet = true, .sensor_name = true});
  BOOST_TEST(event.at("payload") == "R0VUAQo=");
  BOOST_TEST(event.at("payload_printable") == "GET.\n");
  BOOST_TEST(event.at("payload_length") == 5);
  BOOST_TEST(event.at("packet") == "/wA=");
  BOOST_TEST(at(event, "/packet_info/linktype") == 1);
  BOOST_TEST(event.at("host") == "sensor-berne-1");
  BOOST_TEST(!line(example_alert()).contains("payload"));
}

BOOST_AUTO_TEST_CASE(icmp_has_type_and_code_and_no_ports) {
  auto a = example_alert();
  a.tuple =
      five_tuple{ip_address::v4(0x17000002), ip_address::v4(0x17000003), 8, 0, ip_protocol::icmp};
  const auto event = line(a);
  BOOST_TEST(event.at("proto") == "ICMP");
  BOOST_TEST(event.at("icmp_type") == 8);
  BOOST_TEST(event.at("icmp_code") == 0);
  BOOST_TEST(!event.contains("src_port"));
}

BOOST_AUTO_TEST_CASE(an_alert_without_ip_and_flow_leaves_them_out) {
  detect::alert::alert a;
  a.msg = "too short";
  a.origin = packet_origin::stream_flow_timeout;
  const auto event = line(a);
  for (const auto name : {"src_ip", "proto", "flow_id", "flow", "direction", "tx_id", "pcap_cnt",
                          "app_proto", "vlan"})
    BOOST_TEST(!event.contains(name), name);
  BOOST_TEST(event.at("pkt_src") == "stream (flow timeout)");
  BOOST_TEST(at(event, "/alert/category") == "");
}

BOOST_AUTO_TEST_CASE(protocols_have_the_names_of_the_field) {
  BOOST_TEST(eve_protocol(ip_protocol::icmpv6) == "IPv6-ICMP");
  BOOST_TEST(eve_protocol(ip_protocol::sctp) == "SCTP");
  BOOST_TEST(eve_protocol(static_cast<ip_protocol>(99)) == "099");
}

BOOST_AUTO_TEST_SUITE_END()
