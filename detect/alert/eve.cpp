#include "detect/alert/eve.hpp"

#include "capture/base/json_writer.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cresset::detect::alert {
namespace {

bool is_icmp(ip_protocol protocol) {
  return protocol == ip_protocol::icmp || protocol == ip_protocol::icmpv6;
}

bool has_ports(ip_protocol protocol) {
  return protocol == ip_protocol::tcp || protocol == ip_protocol::udp ||
         protocol == ip_protocol::sctp;
}

std::string_view packet_source(packet_origin origin) {
  switch (origin) {
  case packet_origin::wire: return "wire/pcap";
  case packet_origin::stream_flow_timeout: return "stream (flow timeout)";
  case packet_origin::defragmented: return "ip defragmentation";
  case packet_origin::tunnel: return "tunnel";
  }
  return "wire/pcap";
}

void write_envelope(json_writer& json, const alert& from, const eve_options& options) {
  json.member("timestamp", to_eve_time(from.captured_at));
  if (from.flow)
    json.member("flow_id", from.flow->id);
  if (!from.in_iface.empty())
    json.member("in_iface", from.in_iface);
  if (from.pcap_cnt)
    json.member("pcap_cnt", *from.pcap_cnt);
  json.member("event_type", "alert");
  if (options.sensor_name && !from.sensor.empty())
    json.member("host", from.sensor);
  if (!from.vlan.empty()) {
    json.key("vlan").begin_array();
    for (const auto id : from.vlan)
      json.number(std::uint64_t{id});
    json.end_array();
  }
}

void write_tuple(json_writer& json, const five_tuple& tuple) {
  json.member("src_ip", tuple.source.to_string());
  if (has_ports(tuple.protocol))
    json.member("src_port", tuple.source_port);
  json.member("dest_ip", tuple.destination.to_string());
  if (has_ports(tuple.protocol))
    json.member("dest_port", tuple.destination_port);
}

void write_packet_fields(json_writer& json, const alert& from) {
  if (from.tuple) {
    write_tuple(json, *from.tuple);
    json.member("proto", eve_protocol(from.tuple->protocol));
    json.member("ip_v", from.tuple->source.is_v6() ? 6U : 4U);
    if (is_icmp(from.tuple->protocol)) {
      json.member("icmp_type", from.tuple->source_port);
      json.member("icmp_code", from.tuple->destination_port);
    }
  }
  json.member("pkt_src", packet_source(from.origin));
  if (!from.community_id.empty())
    json.member("community_id", from.community_id);
  if (from.tx_id)
    json.member("tx_id", *from.tx_id);
}

void write_end(json_writer& json, std::string_view role, const five_tuple& tuple, bool of_source) {
  json.key(role).begin_object();
  json.member("ip", (of_source ? tuple.source : tuple.destination).to_string());
  if (has_ports(tuple.protocol))
    json.member("port", of_source ? tuple.source_port : tuple.destination_port);
  json.end_object();
}

/// A key may come several times: its values are gathered in one array, keys stand in the order of
/// their first.
void write_metadata(json_writer& json, const std::vector<metadata_pair>& pairs) {
  json.key("metadata").begin_object();
  for (auto first = pairs.begin(); first != pairs.end(); ++first) {
    const auto same_key = [&](const metadata_pair& pair) { return pair.key == first->key; };
    if (std::any_of(pairs.begin(), first, same_key))
      continue;
    json.key(first->key).begin_array();
    for (auto pair = first; pair != pairs.end(); ++pair)
      if (same_key(*pair))
        json.text(pair->value);
    json.end_array();
  }
  json.end_object();
}

void write_alert_object(json_writer& json, const alert& from) {
  json.key("alert").begin_object();
  json.member("action", from.action == verdict::blocked ? "blocked" : "allowed");
  json.member("gid", from.gid);
  json.member("signature_id", from.sid);
  json.member("rev", from.rev);
  json.member("signature", from.msg);
  json.member("category", from.category);
  json.member("severity", from.severity.value());
  if (from.target != target_role::none && from.tuple) {
    write_end(json, "source", *from.tuple, from.target == target_role::destination);
    write_end(json, "target", *from.tuple, from.target == target_role::source);
  }
  if (!from.references.empty()) {
    json.key("references").begin_array();
    for (const auto& reference : from.references)
      json.text(reference);
    json.end_array();
  }
  if (!from.metadata.empty())
    write_metadata(json, from.metadata);
  if (!from.context_json.empty())
    json.key("context").raw("{" + from.context_json + "}");
  json.end_object();
}

void write_flow(json_writer& json, const flow_summary& flow) {
  json.key("flow").begin_object();
  json.member("pkts_toserver", flow.packets_to_server);
  json.member("pkts_toclient", flow.packets_to_client);
  json.member("bytes_toserver", flow.bytes_to_server);
  json.member("bytes_toclient", flow.bytes_to_client);
  json.member("start", to_eve_time(flow.start));
  write_tuple(json, flow.tuple);
  json.end_object();
}

void write_evidence(json_writer& json, const alert& from, const eve_options& options) {
  if (options.payload && !from.payload.empty())
    json.key("payload").base64(from.payload);
  if (options.payload_printable && !from.payload.empty())
    json.member("payload_printable", printable(from.payload));
  if ((options.payload || options.payload_printable) && !from.payload.empty())
    json.member("payload_length", from.payload_length);
  if (options.packet && !from.packet.empty()) {
    json.key("packet").base64(from.packet);
    json.key("packet_info").begin_object();
    json.member("linktype", static_cast<std::uint16_t>(from.packet_link));
    json.end_object();
  }
}

} // namespace

std::string printable(byte_view bytes) {
  std::string text{as_text(bytes)};
  for (char& c : text)
    if ((c < ' ' || c > '~') && c != '\n' && c != '\r')
      c = '.';
  return text;
}

std::string eve_protocol(ip_protocol protocol) {
  switch (protocol) {
  case ip_protocol::hop_by_hop: return "HOPOPT";
  case ip_protocol::icmp: return "ICMP";
  case ip_protocol::igmp: return "IGMP";
  case ip_protocol::ip_in_ip: return "IPIP";
  case ip_protocol::tcp: return "TCP";
  case ip_protocol::udp: return "UDP";
  case ip_protocol::ipv6: return "IPv6";
  case ip_protocol::ipv6_routing: return "IPv6-Route";
  case ip_protocol::ipv6_fragment: return "IPv6-Frag";
  case ip_protocol::gre: return "GRE";
  case ip_protocol::esp: return "ESP";
  case ip_protocol::ah: return "AH";
  case ip_protocol::icmpv6: return "IPv6-ICMP";
  case ip_protocol::ipv6_no_next: return "IPv6-NoNxt";
  case ip_protocol::ipv6_destination: return "IPv6-Opts";
  case ip_protocol::sctp: return "SCTP";
  }
  return fmt::format("{:03}", static_cast<unsigned>(protocol));
}

void append_eve(std::string& out, const alert& from, const eve_options& options) {
  json_writer json{out};
  json.begin_object();
  write_envelope(json, from, options);
  write_packet_fields(json, from);
  write_alert_object(json, from);
  if (!from.transaction_json.empty()) {
    // members of the event itself: they follow the last one written
    out += ',';
    out += from.transaction_json;
  }
  if (!from.app_proto.empty())
    json.member("app_proto", from.app_proto);
  if (from.way != direction::unknown)
    json.member("direction", from.way == direction::to_server ? "to_server" : "to_client");
  if (from.flow)
    write_flow(json, *from.flow);
  if (!from.variables_json.empty())
    json.key("metadata").raw("{" + from.variables_json + "}");
  write_evidence(json, from, options);
  if (from.exercise)
    json.member("exercise", true);
  json.end_object();
  out += '\n';
}

} // namespace cresset::detect::alert
