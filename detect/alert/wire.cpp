// From value to record and back. Writing trusts its caller and mends what breaks a limit; reading
// trusts nobody:
//
//   length → aligned copy → FlatBuffers verifier (offsets, vectors, strings) → limits and
//   enumerations → UTF-8, JSON
//
// The copy is there because ZeroMQ and LMDB hand out bytes at any address, and FlatBuffers reads
// numbers in place.
#include "detect/alert/wire.hpp"

#include "detect/alert/alert_generated.h"
#include "detect/alert/json_members.hpp"
#include "detect/alert/record_reader.hpp"
#include "detect/alert/utf8.hpp"

#include <algorithm>
#include <cstring>

namespace cresset::detect::alert {
namespace {

using builder = flatbuffers::FlatBufferBuilder;
using text_offset = flatbuffers::Offset<flatbuffers::String>;

std::uint64_t half(byte_view bytes) {
  return load_be64(bytes.first<8>());
}

record::Epoch to_record(const epoch_id& epoch) {
  const byte_view bytes{epoch.bytes};
  return {half(bytes), half(bytes.subspan(8))};
}

record::Address to_record(const ip_address& address) {
  const byte_view bytes{address.storage()};
  return {address.is_v6(), half(bytes), half(bytes.subspan(8))};
}

record::Tuple to_record(const five_tuple& tuple) {
  return {to_record(tuple.source), to_record(tuple.destination), tuple.source_port,
          tuple.destination_port, static_cast<std::uint8_t>(tuple.protocol)};
}

record::Flow to_record(const flow_summary& flow) {
  return {flow.id,
          to_ns(flow.start),
          to_record(flow.tuple),
          flow.packets_to_server,
          flow.packets_to_client,
          flow.bytes_to_server,
          flow.bytes_to_client};
}

text_offset write_text(builder& out, std::string_view text, std::size_t limit) {
  if (text.empty())
    return {};
  const auto clean = to_clean_utf8(text, limit);
  return out.CreateString(clean.data(), clean.size());
}

/// JSON is never cut: half a text is none.
text_offset write_json(builder& out, std::string_view json) {
  if (json.empty() || json.size() > limits::json_bytes || !is_json_members(json))
    return {};
  return out.CreateString(json.data(), json.size());
}

flatbuffers::Offset<flatbuffers::Vector<std::uint8_t>> write_bytes(builder& out, byte_view bytes,
                                                                   std::size_t limit) {
  if (bytes.empty())
    return {};
  return out.CreateVector(reinterpret_cast<const std::uint8_t*>(bytes.data()),
                          std::min(bytes.size(), limit));
}

flatbuffers::Offset<flatbuffers::Vector<flatbuffers::Offset<record::Pair>>>
write_pairs(builder& out, const std::vector<metadata_pair>& pairs) {
  if (pairs.empty())
    return {};
  std::vector<flatbuffers::Offset<record::Pair>> written;
  for (std::size_t i = 0; i < std::min(pairs.size(), limits::metadata_pairs); ++i) {
    const auto key = write_text(out, pairs[i].key, limits::metadata_text_bytes);
    const auto value = write_text(out, pairs[i].value, limits::metadata_text_bytes);
    written.push_back(record::CreatePair(out, key, value));
  }
  return out.CreateVector(written);
}

flatbuffers::Offset<flatbuffers::Vector<text_offset>>
write_texts(builder& out, const std::vector<std::string>& texts) {
  if (texts.empty())
    return {};
  std::vector<text_offset> written;
  for (std::size_t i = 0; i < std::min(texts.size(), limits::references); ++i) {
    const auto clean = to_clean_utf8(texts[i], limits::reference_bytes);
    written.push_back(out.CreateString(clean.data(), clean.size()));
  }
  return out.CreateVector(written);
}

/// Whatever lies outside the table must be written before it.
struct outside {
  outside(builder& out, const alert& from)
      : sensor{out.CreateString(to_clean_utf8(from.sensor, limits::name_bytes))},
        in_iface{write_text(out, from.in_iface, limits::name_bytes)},
        msg{write_text(out, from.msg, limits::msg_bytes)}, classtype{write_text(
                                                               out, from.classtype,
                                                               limits::name_bytes)},
        category{write_text(out, from.category, limits::category_bytes)},
        community_id{write_text(out, from.community_id, limits::community_id_bytes)},
        app_proto{write_text(out, from.app_proto, limits::name_bytes)},
        transaction{write_json(out, from.transaction_json)}, context{write_json(out,
                                                                                from.context_json)},
        variables{write_json(out, from.variables_json)}, metadata{write_pairs(out, from.metadata)},
        references{write_texts(out, from.references)}, payload{write_bytes(out, from.payload,
                                                                           limits::payload_bytes)},
        packet{write_bytes(out, from.packet, limits::packet_bytes)} {
    if (!from.vlan.empty())
      vlan = out.CreateVector(from.vlan.data(), std::min(from.vlan.size(), limits::vlans));
  }

  text_offset sensor, in_iface, msg, classtype, category, community_id, app_proto, transaction,
      context, variables;
  flatbuffers::Offset<flatbuffers::Vector<flatbuffers::Offset<record::Pair>>> metadata;
  flatbuffers::Offset<flatbuffers::Vector<text_offset>> references;
  flatbuffers::Offset<flatbuffers::Vector<std::uint8_t>> payload, packet;
  flatbuffers::Offset<flatbuffers::Vector<std::uint16_t>> vlan;
};

void add_scalars(record::AlertBuilder& table, const alert& from) {
  table.add_sequence(from.sequence);
  table.add_captured_ns(to_ns(from.captured_at));
  table.add_pcap_cnt(from.pcap_cnt.value_or(0));
  table.add_origin(static_cast<std::uint8_t>(from.origin));
  table.add_gid(from.gid);
  table.add_sid(from.sid);
  table.add_rev(from.rev);
  table.add_action(static_cast<std::uint8_t>(from.action));
  table.add_severity(from.severity.value());
  table.add_target(static_cast<std::uint8_t>(from.target));
  table.add_direction(static_cast<std::uint8_t>(from.way));
  table.add_tx_id_plus_one(from.tx_id ? *from.tx_id + 1 : 0);
  table.add_whole_payload_bytes(from.payload_length);
  table.add_whole_packet_bytes(from.packet_length);
  table.add_packet_link(static_cast<std::uint16_t>(from.packet_link));
  table.add_exercise(from.exercise);
}

void add_outside(record::AlertBuilder& table, const outside& parts) {
  table.add_sensor(parts.sensor);
  table.add_in_iface(parts.in_iface);
  table.add_vlan(parts.vlan);
  table.add_msg(parts.msg);
  table.add_classtype(parts.classtype);
  table.add_category(parts.category);
  table.add_metadata(parts.metadata);
  table.add_references(parts.references);
  table.add_community_id(parts.community_id);
  table.add_app_proto(parts.app_proto);
  table.add_transaction_json(parts.transaction);
  table.add_context_json(parts.context);
  table.add_variables_json(parts.variables);
  table.add_payload(parts.payload);
  table.add_packet(parts.packet);
}

bool is_verified(const std::uint8_t* bytes, std::size_t size) {
  constexpr flatbuffers::uoffset_t depth_limit = 8;
  constexpr flatbuffers::uoffset_t table_limit = 128;
  flatbuffers::Verifier verifier{bytes, size, depth_limit, table_limit};
  return size >= 8 + flatbuffers::kFileIdentifierLength && record::VerifyAlertBuffer(verifier);
}

} // namespace

std::string_view to_string(wire_errc why) noexcept {
  switch (why) {
  case wire_errc::too_long: return "the record is too long";
  case wire_errc::not_a_record: return "the bytes are no alert record";
  case wire_errc::out_of_bounds: return "a field is over its limit";
  case wire_errc::bad_value: return "a number is outside its range";
  case wire_errc::bad_text: return "a text is not UTF-8 or holds a NUL";
  case wire_errc::bad_json: return "a JSON text is malformed";
  }
  return "unknown";
}

std::vector<std::byte> encode(const alert& from) {
  builder out{1024};
  // numbers equal to their default are written too, so that renumber() finds them in their place
  out.ForceDefaults(true);
  const outside parts{out, from};
  const auto epoch = to_record(from.epoch);
  const auto tuple = from.tuple ? to_record(*from.tuple) : record::Tuple{};
  const auto flow = from.flow ? to_record(*from.flow) : record::Flow{};
  record::AlertBuilder table{out};
  add_scalars(table, from);
  add_outside(table, parts);
  table.add_epoch(&epoch);
  if (from.tuple)
    table.add_tuple(&tuple);
  if (from.flow)
    table.add_flow(&flow);
  record::FinishAlertBuffer(out, table.Finish());
  const auto* begin = reinterpret_cast<const std::byte*>(out.GetBufferPointer());
  return {begin, begin + out.GetSize()};
}

expected<alert, wire_errc> decode(byte_view bytes) {
  if (bytes.size() > limits::record_bytes)
    return unexpected{wire_errc::too_long};
  std::vector<std::uint64_t> aligned((bytes.size() + 7) / 8);
  if (!bytes.empty())
    std::memcpy(aligned.data(), bytes.data(), bytes.size());
  const auto* begin = reinterpret_cast<const std::uint8_t*>(aligned.data());
  if (!is_verified(begin, bytes.size()))
    return unexpected{wire_errc::not_a_record};
  return read_record(*record::GetAlert(begin));
}

bool renumber(std::span<std::byte> record, const epoch_id& epoch, std::uint64_t sequence) {
  auto* begin = reinterpret_cast<std::uint8_t*>(record.data());
  if (!is_verified(begin, record.size()))
    return false;
  auto* table = record::GetMutableAlert(begin);
  auto* place = table->mutable_epoch();
  if (!place || !table->mutate_sequence(sequence))
    return false;
  *place = to_record(epoch);
  return true;
}

} // namespace cresset::detect::alert
