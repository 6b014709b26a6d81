#pragma once

#include "capture/base/five_tuple.hpp"
#include "capture/base/link_type.hpp"
#include "capture/base/timestamp.hpp"
#include "detect/alert/epoch_id.hpp"
#include "detect/alert/severity.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cresset::detect::alert {

/// Longest texts and lists an alert carries; what is longer is cut (texts, bytes), left out as a
/// whole (JSON) or not taken (further list entries) when the record is made, and refused when one
/// is read. Sizes in bytes.
namespace limits {
inline constexpr std::size_t name_bytes = 128; ///< sensor, interface, app_proto, classtype
inline constexpr std::size_t msg_bytes = 2048;
inline constexpr std::size_t category_bytes = 512;
inline constexpr std::size_t community_id_bytes = 64;
inline constexpr std::size_t json_bytes = std::size_t{16} << 10; ///< each of the three JSON texts
inline constexpr std::size_t payload_bytes = std::size_t{4} << 10;
inline constexpr std::size_t packet_bytes = std::size_t{16} << 10;
inline constexpr std::size_t vlans = 3;
inline constexpr std::size_t metadata_pairs = 64;
inline constexpr std::size_t metadata_text_bytes = 512; ///< each key, each value
inline constexpr std::size_t references = 32;
inline constexpr std::size_t reference_bytes = 1024;
inline constexpr std::size_t record_bytes = std::size_t{192}
                                            << 10; ///< a whole record; no honest one comes near
} // namespace limits

/// What happened to the packet (EVE `action`).
enum class verdict : std::uint8_t { allowed = 0, blocked = 1 };

/// Which way the packet went that carries the alert; `unknown` without a flow.
enum class direction : std::uint8_t { unknown = 0, to_server = 1, to_client = 2 };

/// Where the packet that carries the alert came from (EVE `pkt_src`).
enum class packet_origin : std::uint8_t {
  wire = 0,                ///< "wire/pcap"
  stream_flow_timeout = 1, ///< "stream (flow timeout)": made when the flow ended
  defragmented = 2,        ///< "ip defragmentation"
  tunnel = 3,              ///< a packet inside another; EVE names the tunnel, here "tunnel"
};

/// Which end of the packet the rule calls its target (option `target`).
enum class target_role : std::uint8_t { none = 0, source = 1, destination = 2 };

/// What the flow had seen when the alert was raised, this packet included. Source is the client.
struct flow_summary {
  std::uint64_t id = 0; ///< EVE `flow_id`, below 2^63
  timestamp start{};
  five_tuple tuple;
  std::uint64_t packets_to_server = 0;
  std::uint64_t packets_to_client = 0;
  std::uint64_t bytes_to_server = 0;
  std::uint64_t bytes_to_client = 0;
  friend bool operator==(const flow_summary&, const flow_summary&) = default;
};

/// A key and one value of the rule's `metadata` option; a key may come several times.
struct metadata_pair {
  std::string key;
  std::string value;
  friend bool operator==(const metadata_pair&, const metadata_pair&) = default;
};

/// One alert as it leaves the sensor: a value that owns all it says. Built by the inspector,
/// numbered by the spool.
struct alert {
  // Who says it. Epoch and sequence are given by the spool; (sensor, epoch, sequence) is unique for
  // all time.
  std::string sensor;
  epoch_id epoch;
  std::uint64_t sequence = 0;

  // When, and which packet. `pcap_cnt` is the packet's number in the capture, from 1; nothing for
  // live sources.
  timestamp captured_at{};
  std::optional<std::uint64_t> pcap_cnt;
  packet_origin origin = packet_origin::wire;
  std::string in_iface;
  std::vector<std::uint16_t> vlan; ///< outermost first

  // The rule.
  std::uint32_t gid = 1;
  std::uint32_t sid = 0;
  std::uint32_t rev = 0;
  verdict action = verdict::allowed;
  detect::alert::severity severity{};
  std::string msg;       ///< EVE `signature`
  std::string classtype; ///< short name: "trojan-activity"
  std::string category;  ///< its description: "A Network Trojan was detected"
  target_role target = target_role::none;
  std::vector<metadata_pair> metadata; ///< ATT&CK, CVE, tags, as the rule gives them
  std::vector<std::string> references; ///< whole addresses: "https://…"

  // The packet as it went: source is who sent it. Nothing when no IP header could be read. For ICMP
  // and ICMPv6 the two ports are type and code.
  std::optional<five_tuple> tuple;
  direction way = direction::unknown;
  std::string community_id; ///< see community_id.hpp; empty when there is none
  std::optional<flow_summary> flow;

  // The application. The three JSON texts are members without the braces around them.
  std::string app_proto; ///< "http", "dns", "failed"; empty when not known
  std::optional<std::uint64_t> tx_id;
  std::string transaction_json; ///< `"http":{…},"files":[…]`: members of the event itself
  std::string context_json;     ///< members of EVE `alert.context`
  std::string variables_json;   ///< members of EVE `metadata`: flowbits, flowvars, pktvars

  // Evidence.
  std::vector<std::byte> payload;   ///< the first bytes of what was inspected
  std::uint32_t payload_length = 0; ///< how long it was before it was cut
  std::vector<std::byte> packet;    ///< the frame from its link layer on
  std::uint32_t packet_length = 0;  ///< how long the frame was before it was cut
  link_type packet_link = link_type::ethernet;

  bool exercise =
      false; ///< raised while the sensor was in an exercise; never mixed with real alerts

  friend bool operator==(const alert&, const alert&) = default;
};

} // namespace cresset::detect::alert
