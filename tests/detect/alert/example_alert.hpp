#pragma once

#include "detect/alert/alert.hpp"

namespace cresset::detect::alert {

/// An alert with something in every field.
inline alert example_alert() {
  alert a;
  a.sensor = "sensor-berne-1";
  a.epoch.bytes[0] = std::byte{0xe1};
  a.sequence = 17;
  a.captured_at = timestamp_from_ns(1'255'711'456'083'524'000);
  a.pcap_cnt = 7;
  a.in_iface = "ens1f0";
  a.vlan = {23, 3136};
  a.sid = 2'019'401;
  a.rev = 4;
  a.severity = severity{1};
  a.msg = "ET MALWARE Beacon \"x\"";
  a.classtype = "trojan-activity";
  a.category = "A Network Trojan was detected";
  a.target = target_role::source;
  a.metadata = {{"tag", "one"}, {"mitre_technique_id", "T1071"}, {"tag", "two"}};
  a.references = {"https://example.org/cve"};
  a.tuple = five_tuple{*ip_address::parse("10.16.1.11"), *ip_address::parse("9.9.9.9"), 36926, 80,
                       ip_protocol::tcp};
  a.way = direction::to_server;
  a.community_id = "1:LQU9qZlK+B5F3KDmev6m5PMibrg=";
  a.flow = flow_summary{1'234'567'890'123'456, a.captured_at, *a.tuple, 4, 2, 379, 1588};
  a.app_proto = "http";
  a.tx_id = 0;
  a.transaction_json =
      R"("http":{"hostname":"www.example.org","status":200},"files":[{"filename":"a"}])";
  a.context_json = R"("ua":"Mozilla")";
  a.variables_json = R"("flowbits":["seen"])";
  a.payload = {std::byte{'G'}, std::byte{'E'}, std::byte{'T'}, std::byte{0x01}, std::byte{'\n'}};
  a.payload_length = 5;
  a.packet = {std::byte{0xff}, std::byte{0x00}};
  a.packet_length = 1500;
  return a;
}

} // namespace cresset::detect::alert
