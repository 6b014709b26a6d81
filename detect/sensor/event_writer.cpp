#include "detect/sensor/event_writer.hpp"

#include "detect/alert/community_id.hpp"
#include "detect/alert/eve.hpp"
#include "detect/sensor/flow_variables.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

namespace cresset::detect::sensor {
namespace {

using proto::direction;

alert::direction to_alert(direction way) noexcept {
  return way == direction::to_server ? alert::direction::to_server : alert::direction::to_client;
}

std::vector<std::byte> first_bytes(byte_view bytes, std::size_t limit) {
  bytes = bytes.first(std::min(bytes.size(), limit));
  return {bytes.begin(), bytes.end()};
}

/// Bytes of a frame that an event shows.
constexpr std::size_t shown_frame_bytes = 2048;

void write_frame_object(json_writer& json, const proto::frame& one) {
  const auto shown = byte_view{one.bytes}.first(std::min(one.bytes.size(), shown_frame_bytes));
  json.key("frame").begin_object();
  json.member("type", one.type).member("id", one.id);
  json.member("direction", one.way == direction::to_server ? "toserver" : "toclient");
  json.member("stream_offset", one.offset);
  if (one.length)
    json.member("length", *one.length);
  json.member("complete", one.is_complete);
  if (one.transaction)
    json.member("tx_id", *one.transaction);
  json.key("payload").base64(shown);
  json.member("payload_printable", alert::printable(shown)).end_object();
}

std::string_view pkt_src_of(const inspect::subject& on) noexcept {
  return on.packet == nullptr ? "stream (flow timeout)" : "wire/pcap";
}

/// Events of these protocols are written in capitals, as the field has it; all others as rules do.
std::string event_text(std::string_view event, std::string_view protocol) {
  std::string text{event};
  if (protocol == "http" || protocol == "tls" || protocol == "smtp" || protocol.empty())
    for (auto& letter : text)
      letter = letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 32) : letter;
  return text;
}

/// The transaction's name in the event log.
std::string_view name_of(const proto::transaction& tx, std::string_view protocol) noexcept {
  return tx.event_name().empty() ? proto::event_name_of(protocol) : tx.event_name();
}

} // namespace

event_writer::event_writer(const sensor_config& config, const rule::classifications& classes,
                           const rule::reference_systems& references, event_log& log,
                           std::mutex& log_mutex, alert_sink sink, const file_event_settings& told,
                           file_store* stored)
    : config_{config}, classes_{classes}, references_{references}, log_{log},
      log_mutex_{log_mutex}, sink_{std::move(sink)}, files_{told, stored} {}

void event_writer::flush_line() {
  if (holds_) {
    held_.push_back({moment_, worker_, line_});
    return;
  }
  const std::lock_guard lock{log_mutex_};
  log_.write(line_);
}

void event_writer::add_rule(alert::alert& made, const rule::rule& from,
                            std::uint8_t priority) const {
  made.gid = from.gid;
  made.sid = from.sid;
  made.rev = from.rev;
  made.msg = from.msg;
  made.classtype = from.classtype;
  if (const auto* known = classes_.find(from.classtype))
    made.category = known->description;
  made.severity = alert::severity{priority};
  made.target = from.target == rule::target::source        ? alert::target_role::source
                : from.target == rule::target::destination ? alert::target_role::destination
                                                           : alert::target_role::none;
  for (const auto& [key, value] : from.metadata)
    made.metadata.push_back({key, value});
  for (const auto& reference : from.references)
    if (auto link = references_.link(reference.system, reference.id); !link.empty())
      made.references.push_back(std::move(link));
}

void event_writer::add_transaction(alert::alert& made, const inspect::match& found,
                                   const inspect::subject& on) {
  const auto* tx = found.transaction;
  if (tx == nullptr && config_.guess_transaction && on.flow != nullptr && on.flow->parser)
    for (const auto* one : on.flow->parser->transactions())
      if (one->concerns(on.way)) // the newest of this direction
        tx = one;
  if (tx == nullptr && found.frame != nullptr) {
    json_writer json{made.transaction_json};
    write_frame_object(json, *found.frame);
  }
  if (tx == nullptr || on.flow == nullptr || !on.flow->parser)
    return;
  made.tx_id = tx->number();
  json_writer json{made.transaction_json};
  json.key(name_of(*tx, on.flow->parser->protocol())).begin_object();
  tx->write_members(json);
  json.end_object();
  tx->write_siblings(json);
  const auto files = tx->files(on.way);
  if (found.frame != nullptr)
    write_frame_object(json, *found.frame);
  if (files == 0)
    return;
  json.key("files").begin_array();
  for (std::size_t i = 0; i < files; ++i) {
    if (found.file && *found.file != i)
      continue;
    json.begin_object();
    files_.write(json, tx->file(on.way, i), tx->number(),
                 on.record == nullptr
                     ? nullptr
                     : &on.record->of(tx->number()).file(on.way, static_cast<std::uint32_t>(i)),
                 tx->is_done(on.way));
    json.end_object();
  }
  json.end_array();
}

alert::alert event_writer::make_alert(const inspect::match& found, const inspect::subject& on,
                                      std::string_view interface_name, bool is_live) {
  alert::alert made;
  made.sensor = config_.name;
  made.exercise = config_.exercise;
  made.captured_at = on.at;
  if (!is_live && on.packet != nullptr)
    made.pcap_cnt = on.number;
  made.origin = on.packet == nullptr        ? alert::packet_origin::stream_flow_timeout
                : on.packet->is_in_tunnel() ? alert::packet_origin::tunnel
                                            : alert::packet_origin::wire;
  made.in_iface = interface_name;
  add_rule(made, *found.signature->source, found.signature->priority);
  made.tuple = on.tuple;
  if (auto id = alert::community_id(on.tuple))
    made.community_id = *std::move(id);
  if (on.flow != nullptr) {
    made.way = to_alert(on.way);
    const auto vlans = on.flow->vlans();
    made.vlan.assign(vlans.begin(), vlans.end());
    const auto& ts = on.flow->totals(direction::to_server);
    const auto& tc = on.flow->totals(direction::to_client);
    made.flow = alert::flow_summary{
        on.flow->id(), on.flow->first_seen(), on.flow->tuple(), ts.packets, tc.packets, ts.bytes,
        tc.bytes};
    made.app_proto = on.flow->app_protocol();
    add_transaction(made, found, on);
    if (const auto traffic = traffic_member(on.record); !traffic.empty())
      made.transaction_json += (made.transaction_json.empty() ? "" : ",") + traffic;
  } else if (on.packet != nullptr) {
    made.vlan.assign(on.packet->vlans().begin(), on.packet->vlans().end());
  }
  made.variables_json = metadata_members(on.record, on.packet_variables);
  made.context_json = found.context;
  const auto payload = found.on_stream ? found.inspected : on.payload();
  if (sink_ || config_.events.payload)
    made.payload = first_bytes(payload, alert::limits::payload_bytes);
  made.payload_length = static_cast<std::uint32_t>(payload.size());
  if (on.packet != nullptr) {
    if (sink_ || config_.events.packet)
      made.packet = first_bytes(on.packet->frame, alert::limits::packet_bytes);
    made.packet_length = static_cast<std::uint32_t>(on.packet->frame.size());
    made.packet_link = on.packet->link;
  }
  return made;
}

void event_writer::write_alert(const inspect::match& found, const inspect::subject& on,
                               std::string_view interface_name, bool is_live) {
  auto made = make_alert(found, on, interface_name, is_live);
  if (wants("alert")) {
    line_.clear();
    alert::append_eve(line_, made,
                      {.payload = config_.events.payload, .packet = config_.events.packet});
    if (!line_.empty() && line_.back() == '\n')
      line_.pop_back();
    flush_line();
  }
  if (sink_) {
    const std::lock_guard lock{log_mutex_};
    sink_(std::move(made));
  }
}

void event_writer::begin(std::string_view type, const five_tuple& tuple, const inspect::subject& on,
                         timestamp at) {
  line_.clear();
  json_writer json{line_};
  json.begin_object().member("timestamp", to_eve_time(at));
  if (on.flow != nullptr)
    json.member("flow_id", on.flow->id());
  if (on.packet != nullptr && on.number != 0)
    json.member("pcap_cnt", on.number);
  json.member("event_type", type);
  const auto vlans = on.flow != nullptr     ? on.flow->vlans()
                     : on.packet != nullptr ? on.packet->vlans()
                                            : std::span<const std::uint16_t>{};
  if (!vlans.empty()) {
    json.key("vlan").begin_array();
    for (const auto id : vlans)
      json.number(std::uint64_t{id});
    json.end_array();
  }
  if (on.packet != nullptr && !on.packet->is_ip())
    return;
  json.member("src_ip", tuple.source.to_string());
  const bool icmp = tuple.protocol == ip_protocol::icmp || tuple.protocol == ip_protocol::icmpv6;
  const bool ports = tuple.protocol == ip_protocol::tcp || tuple.protocol == ip_protocol::udp ||
                     tuple.protocol == ip_protocol::sctp;
  if (ports)
    json.member("src_port", tuple.source_port);
  json.member("dest_ip", tuple.destination.to_string());
  if (ports)
    json.member("dest_port", tuple.destination_port);
  json.member("ip_v", tuple.source.is_v4() ? 4 : 6)
      .member("proto", alert::eve_protocol(tuple.protocol));
  if (icmp)
    json.member("icmp_type", tuple.source_port).member("icmp_code", tuple.destination_port);
  if (const auto id = alert::community_id(tuple))
    json.member("community_id", *id);
}

void event_writer::write_transaction(const proto::transaction& tx, std::string_view protocol,
                                     const inspect::subject& on) {
  if (wants("anomaly"))
    for (const auto event : tx.events())
      write_anomaly("applayer", event, protocol, on, tx.number());
  const auto name = name_of(tx, protocol);
  if (!wants(name) || !tx.is_logged())
    return;
  // an exchange is told from its client's side; one that only the server's bytes make, from the
  // server's
  const bool of_server = tx.progress_of(direction::to_server) == 0 ||
                         !tx.concerns(direction::to_server) ||
                         (protocol == "dns" && on.way == direction::to_client);
  const auto tuple = of_server ? on.flow->tuple().reversed() : on.flow->tuple();
  begin(name, tuple, on, on.at);
  json_writer json{line_, true};
  json.member("pkt_src", pkt_src_of(on)).member("tx_id", tx.number());
  json.key(name).begin_object();
  tx.write_members(json);
  json.end_object();
  tx.write_siblings(json);
  append_variables(line_, on.record, nullptr);
  json.end_object();
  flush_line();
}

void event_writer::write_frame(const proto::frame& one, std::string_view protocol,
                               const inspect::subject& on) {
  const auto tuple =
      one.way == direction::to_server ? on.flow->tuple() : on.flow->tuple().reversed();
  begin("frame", tuple, on, on.at);
  json_writer json{line_, true};
  json.member("pkt_src", pkt_src_of(on)).member("app_proto", protocol);
  write_frame_object(json, one);
  json.end_object();
  flush_line();
}

void event_writer::write_packet(const inspect::subject& on) {
  if (!wants("alert") && !wants("packet"))
    return;
  begin("packet", on.tuple, on, on.at);
  json_writer json{line_, true};
  json.member("pkt_src", pkt_src_of(on));
  json.key("packet").base64(on.packet->frame);
  json.key("packet_info").begin_object();
  json.member("linktype", static_cast<std::uint16_t>(on.packet->link)).end_object();
  json.end_object();
  flush_line();
}

void event_writer::write_files(const proto::transaction& tx, std::string_view protocol,
                               const inspect::subject& on, bool all) {
  for (const auto way : {direction::to_server, direction::to_client})
    for (std::uint32_t i = 0; i < tx.files(way); ++i) {
      const auto file = tx.file(way, i);
      if (!all && !file.content.complete) // one with a gap may still go on
        continue;
      auto& record = on.record->of(tx.number());
      auto& known = record.file(way, i);
      if (std::exchange(known.is_logged, true))
        continue;
      files_.settle(file, record, *on.record, known);
      if (wants("fileinfo"))
        write_file(file, known, tx, protocol, on);
    }
}

void event_writer::write_file(const proto::file_view& file, const inspect::file_record& known,
                              const proto::transaction& tx, std::string_view protocol,
                              const inspect::subject& on) {
  begin("fileinfo",
        known.way == direction::to_server ? on.flow->tuple() : on.flow->tuple().reversed(), on,
        on.at);
  json_writer json{line_, true};
  json.member("pkt_src", pkt_src_of(on));
  json.key(name_of(tx, protocol)).begin_object();
  tx.write_members(json);
  json.end_object();
  tx.write_siblings(json);
  json.member("app_proto", protocol).key("fileinfo").begin_object();
  files_.write(json, file, tx.number(), &known, true);
  json.end_object().end_object();
  flush_line();
}

void event_writer::write_anomaly(std::string_view type, std::string_view event,
                                 std::string_view protocol, const inspect::subject& on,
                                 std::optional<std::uint64_t> transaction) {
  if (!wants("anomaly"))
    return;
  begin("anomaly", on.tuple, on, on.at);
  json_writer json{line_, true};
  json.member("pkt_src", pkt_src_of(on));
  if (transaction)
    json.member("tx_id", *transaction);
  if (!protocol.empty())
    json.member("app_proto", protocol);
  json.key("anomaly").begin_object();
  if (!protocol.empty())
    json.member("app_proto", protocol);
  json.member("type", type)
      .member("event", type == "applayer" ? event_text(event, protocol) : std::string{event});
  if (type == "applayer")
    json.member("layer", "proto_parser");
  json.end_object().end_object();
  flush_line();
}

} // namespace cresset::detect::sensor
