#include "detect/sensor/stats_event.hpp"

#include <sys/resource.h>

#include <fstream>
#include <unistd.h>

namespace cresset::detect::sensor {
namespace {

std::uint64_t resident_bytes() {
  std::ifstream in{"/proc/self/statm"};
  std::uint64_t total = 0, resident = 0;
  in >> total >> resident;
  return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

void write_loss(json_writer& json, std::string_view name,
                const std::optional<std::uint64_t>& lost) {
  if (lost)
    json.member(name, *lost);
  else
    json.member(name, "unknown");
}

void write_ledger(json_writer& json, const ledger& accounts) {
  json.key("ledger").begin_object();
  json.member("received", accounts.received.value())
      .member("inspected", accounts.inspected.value());
  json.member("shunted", accounts.shunted.value()).key("dropped").begin_object();
  for (std::size_t i = 0; i < drop_reason_count; ++i)
    json.member(to_string(static_cast<drop_reason>(i)), accounts.dropped[i].value());
  json.end_object().end_object();
}

void write_decoder(json_writer& json, const capture::decode::decoder_counters& d) {
  json.key("decoder").begin_object();
  json.member("pkts", d.packets.value()).member("bytes", d.bytes.value());
  json.member("ipv4", d.ipv4.value()).member("ipv6", d.ipv6.value()).member("tcp", d.tcp.value());
  json.member("udp", d.udp.value())
      .member("icmpv4", d.icmpv4.value())
      .member("icmpv6", d.icmpv6.value());
  json.member("vlan", d.vlan.value())
      .member("sctp", d.sctp.value())
      .member("too_many_layers", d.tunnels_refused.value());
  json.key("event").begin_object();
  for (std::size_t i = 0; i < d.by_event.size(); ++i)
    if (const auto count = d.by_event[i].value(); count != 0)
      json.member(to_string(static_cast<capture::decode::decode_event>(i)), count);
  json.end_object().end_object();
}

void write_flows(json_writer& json, const worker_totals& of) {
  const auto& f = of.flows;
  json.key("flow")
      .begin_object()
      .member("total", f.created.value())
      .member("active", f.active.value());
  json.member("tcp", f.tcp.value()).member("udp", f.udp.value()).member("icmp", f.icmp.value());
  json.member("tcp_reuse", f.tcp_reused.value())
      .member("emerg_mode_entered", f.emergencies.value());
  json.member("evicted",
              f.evicted_new.value() + f.evicted_established.value() + f.evicted_closed.value())
      .end_object();
  const auto& t = of.tcp;
  json.key("tcp")
      .begin_object()
      .member("sessions", t.sessions.value())
      .member("midstream_pickups", t.midstream_pickups.value());
  const auto events = [&](flow::tcp_event e) {
    return t.by_event[static_cast<std::size_t>(e)].value();
  };
  json.member("reassembly_gap", t.gaps.value());
  json.member("overlap_diff_data", events(flow::tcp_event::reassembly_overlap_different_data));
  json.member("stream_depth_reached", events(flow::tcp_event::reassembly_depth_reached));
  json.member("memcap_drop_bytes", t.stream_bytes_refused.value());
  json.end_object();
}

} // namespace

std::string make_stats(const worker_totals& of, const capture::source::packet_source& source,
                       const loaded_rules& rules, const run_cost& cost, timestamp at,
                       const stats_writer& more) {
  std::string line;
  json_writer json{line};
  json.begin_object()
      .member("timestamp", to_eve_time(at))
      .member("event_type", "stats")
      .key("stats")
      .begin_object();
  json.key("uptime").number(static_cast<std::uint64_t>(cost.uptime_s));
  const auto captured = source.counters();
  json.key("capture").begin_object().member("kernel_packets", captured.received_packets);
  write_loss(json, "kernel_drops", captured.dropped_packets);
  write_loss(json, "kernel_ifdrops", captured.interface_dropped_packets);
  json.end_object();
  write_ledger(json, of.accounts);
  write_decoder(json, of.decoder);
  write_flows(json, of);
  const auto& d = of.rules;
  json.key("detect").begin_object().member("alert", d.alerts.value());
  json.member("alert_queue_overflow", d.alert_queue_overflow.value())
      .member("alerts_suppressed", d.alerts_suppressed.value());
  json.member("rules_tried", d.candidates.value()).member("scan_failures", d.scan_failures.value());
  json.key("engines").begin_array().begin_object().member("id", 0);
  json.member("rules_loaded", rules.image->signatures().size())
      .member("rules_failed", rules.refusals.size());
  json.end_object().end_array().end_object();
  if (more)
    more(json);
  json.key("run").begin_object().member("packets", of.accounts.received.value());
  json.member("bytes", of.accounts.received_bytes.value()).member("rss_bytes", resident_bytes());
  json.key("load_cpu_s")
      .real(cost.load_cpu_s)
      .key("packet_cpu_s")
      .real(cost.packet_cpu_s)
      .end_object();
  json.end_object().end_object();
  return line;
}

} // namespace cresset::detect::sensor
