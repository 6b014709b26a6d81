// The `flow` event: who, when, how much, how it ended, and what TCP saw.
#include "detect/sensor/event_writer.hpp"

#include "detect/alert/community_id.hpp"
#include "detect/sensor/flow_variables.hpp"

#include <fmt/format.h>

namespace cresset::detect::sensor {
namespace {

using proto::direction;

void write_flags(json_writer& json, std::uint8_t flags) {
  constexpr std::array<std::pair<std::uint8_t, std::string_view>, 8> names{{{0x02, "syn"},
                                                                            {0x01, "fin"},
                                                                            {0x04, "rst"},
                                                                            {0x08, "psh"},
                                                                            {0x10, "ack"},
                                                                            {0x20, "urg"},
                                                                            {0x40, "ecn"},
                                                                            {0x80, "cwr"}}};
  for (const auto& [bit, name] : names)
    if ((flags & bit) != 0)
      json.member(name, true);
}

void write_tcp(json_writer& json, const flow::flow& ended) {
  const auto ts = ended.tcp_flags(direction::to_server), tc = ended.tcp_flags(direction::to_client);
  json.key("tcp").begin_object();
  json.member("tcp_flags", fmt::format("{:02x}", ts | tc));
  json.member("tcp_flags_ts", fmt::format("{:02x}", ts));
  json.member("tcp_flags_tc", fmt::format("{:02x}", tc));
  write_flags(json, static_cast<std::uint8_t>(ts | tc));
  if (ended.session) {
    json.member("state", flow::to_string(ended.session->state()));
    const auto& client = ended.session->stream(direction::to_server);
    const auto& server = ended.session->stream(direction::to_client);
    if (client.gap_bytes() != 0)
      json.member("ts_gap", true);
    if (server.gap_bytes() != 0)
      json.member("tc_gap", true);
    json.member("ts_max_regions", client.max_regions())
        .member("tc_max_regions", server.max_regions());
  }
  json.end_object();
}

} // namespace

void event_writer::write_flow(const flow::flow& ended, flow::flow_end why, timestamp at) {
  const auto* record = static_cast<const inspect::flow_record*>(ended.extension.get());
  if (!wants("flow") || (record != nullptr && !record->logs_flow))
    return;
  inspect::subject on;
  on.flow = const_cast<flow::flow*>(&ended); // only read
  begin("flow", ended.tuple(), on, at);
  json_writer json{line_, true};
  if (const auto answer = ended.response())
    json.member("response_icmp_type", answer->type).member("response_icmp_code", answer->code);
  if (!ended.app_protocol().empty())
    json.member("app_proto", ended.app_protocol());
  if (!ended.original_protocol().empty())
    json.member("app_proto_orig", ended.original_protocol());
  if (!ended.expected_protocol().empty())
    json.member("app_proto_expected", ended.expected_protocol());
  for (const auto& [way, name] :
       {std::pair{direction::to_server, "app_proto_ts"}, {direction::to_client, "app_proto_tc"}})
    if (const auto known = ended.app_protocol(way); !known.empty() && known != ended.app_protocol())
      json.member(name, known);
  const auto& ts = ended.totals(direction::to_server);
  const auto& tc = ended.totals(direction::to_client);
  json.key("flow").begin_object();
  json.member("pkts_toserver", ts.packets).member("pkts_toclient", tc.packets);
  json.member("bytes_toserver", ts.bytes).member("bytes_toclient", tc.bytes);
  json.member("start", to_eve_time(ended.first_seen()))
      .member("end", to_eve_time(ended.last_seen()));
  const auto second = [](timestamp t) { return std::chrono::floor<std::chrono::seconds>(t); };
  json.member("age", (second(ended.last_seen()) - second(ended.first_seen())).count());
  json.member("state", ended.is_shunted() ? "bypassed" : to_string(ended.state()))
      .member("reason", to_string(why))
      .member("alerted", ended.is_alerted());
  if (ended.is_shunted())
    json.member("bypass", "local");
  json.end_object();
  if (ended.tuple().protocol == ip_protocol::tcp)
    write_tcp(json, ended);
  append_variables(line_, record, nullptr);
  json.end_object();
  flush_line();
}

} // namespace cresset::detect::sensor
