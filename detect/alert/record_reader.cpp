// The half of wire.cpp that believes nobody: each field that is not as it should be is remembered,
// the first one is the answer.
#include "detect/alert/record_reader.hpp"

#include "detect/alert/alert_generated.h"
#include "detect/alert/json_members.hpp"
#include "detect/alert/utf8.hpp"

#include <array>
#include <optional>

namespace cresset::detect::alert {
namespace {

void store_half(std::span<std::byte> to, std::uint64_t value) {
  store_be32(to.first<4>(), static_cast<std::uint32_t>(value >> 32));
  store_be32(to.subspan<4, 4>(), static_cast<std::uint32_t>(value & 0xffffffffU));
}

ip_address from_record(const record::Address& address) {
  std::array<std::byte, 16> bytes{};
  store_half(std::span{bytes}.first<8>(), address.high());
  store_half(std::span{bytes}.last<8>(), address.low());
  return address.is_v6() ? ip_address::v6(bytes)
                         : ip_address::v4(std::span{std::as_const(bytes)}.first<4>());
}

five_tuple from_record(const record::Tuple& tuple) {
  return {from_record(tuple.source()), from_record(tuple.destination()), tuple.source_port(),
          tuple.destination_port(), static_cast<ip_protocol>(tuple.protocol())};
}

flow_summary from_record(const record::Flow& flow) {
  return {flow.id(),
          timestamp_from_ns(flow.start_ns()),
          from_record(flow.tuple()),
          flow.packets_to_server(),
          flow.packets_to_client(),
          flow.bytes_to_server(),
          flow.bytes_to_client()};
}

epoch_id from_record(const record::Epoch& epoch) {
  epoch_id id;
  store_half(std::span{id.bytes}.first<8>(), epoch.high());
  store_half(std::span{id.bytes}.last<8>(), epoch.low());
  return id;
}

/// Takes fields out of a verified table, and remembers the first one that is not as it should be.
class reader {
public:
  explicit reader(const record::Alert& table) noexcept : table_{table} {}

  expected<alert, wire_errc> read() {
    alert to;
    identity(to);
    rule(to);
    packet(to);
    application(to);
    evidence(to);
    if (fault_)
      return unexpected{*fault_};
    return to;
  }

private:
  void blame(wire_errc why) noexcept {
    if (!fault_)
      fault_ = why;
  }

  std::string text(const flatbuffers::String* from, std::size_t limit) {
    if (!from)
      return {};
    const std::string_view view{from->data(), from->size()};
    if (view.size() > limit) {
      blame(wire_errc::out_of_bounds);
      return {};
    }
    if (!is_clean_utf8(view)) {
      blame(wire_errc::bad_text);
      return {};
    }
    return std::string{view};
  }

  std::string json(const flatbuffers::String* from) {
    auto members = text(from, limits::json_bytes);
    if (!is_json_members(members))
      blame(wire_errc::bad_json);
    return members;
  }

  std::vector<std::byte> bytes(const flatbuffers::Vector<std::uint8_t>* from, std::size_t limit) {
    if (!from)
      return {};
    if (from->size() > limit) {
      blame(wire_errc::out_of_bounds);
      return {};
    }
    const auto* begin = reinterpret_cast<const std::byte*>(from->data());
    return {begin, begin + from->size()};
  }

  template <typename Enum>
  Enum one_of(std::uint8_t value, Enum last) {
    if (value > static_cast<std::uint8_t>(last))
      blame(wire_errc::bad_value);
    return static_cast<Enum>(value);
  }

  void identity(alert& to) {
    to.sensor = text(table_.sensor(), limits::name_bytes);
    to.epoch = from_record(*table_.epoch());
    to.sequence = table_.sequence();
    if (to.epoch.is_none() || to.sequence == 0)
      blame(wire_errc::bad_value);
    to.captured_at = timestamp_from_ns(table_.captured_ns());
    if (table_.pcap_cnt() != 0)
      to.pcap_cnt = table_.pcap_cnt();
    to.origin = one_of(table_.origin(), packet_origin::tunnel);
    to.exercise = table_.exercise();
  }

  void rule(alert& to) {
    to.gid = table_.gid();
    to.sid = table_.sid();
    to.rev = table_.rev();
    to.action = one_of(table_.action(), verdict::blocked);
    if (table_.severity() == 0)
      blame(wire_errc::bad_value);
    to.severity = severity{table_.severity()};
    to.msg = text(table_.msg(), limits::msg_bytes);
    to.classtype = text(table_.classtype(), limits::name_bytes);
    to.category = text(table_.category(), limits::category_bytes);
    to.target = one_of(table_.target(), target_role::destination);
    if (const auto* pairs = table_.metadata(); pairs && pairs->size() > limits::metadata_pairs)
      blame(wire_errc::out_of_bounds);
    else if (pairs)
      for (const auto* pair : *pairs)
        to.metadata.push_back({text(pair->key(), limits::metadata_text_bytes),
                               text(pair->value(), limits::metadata_text_bytes)});
    if (const auto* references = table_.references();
        references && references->size() > limits::references)
      blame(wire_errc::out_of_bounds);
    else if (references)
      for (const auto* reference : *references)
        to.references.push_back(text(reference, limits::reference_bytes));
  }

  void packet(alert& to) {
    to.in_iface = text(table_.in_iface(), limits::name_bytes);
    if (const auto* vlan = table_.vlan(); vlan && vlan->size() > limits::vlans)
      blame(wire_errc::out_of_bounds);
    else if (vlan)
      to.vlan.assign(vlan->begin(), vlan->end());
    if (table_.tuple())
      to.tuple = from_record(*table_.tuple());
    to.way = one_of(table_.direction(), direction::to_client);
    to.community_id = text(table_.community_id(), limits::community_id_bytes);
    if (table_.flow())
      to.flow = from_record(*table_.flow());
  }

  void application(alert& to) {
    to.app_proto = text(table_.app_proto(), limits::name_bytes);
    if (table_.tx_id_plus_one() != 0)
      to.tx_id = table_.tx_id_plus_one() - 1;
    to.transaction_json = json(table_.transaction_json());
    to.context_json = json(table_.context_json());
    to.variables_json = json(table_.variables_json());
  }

  void evidence(alert& to) {
    to.payload = bytes(table_.payload(), limits::payload_bytes);
    to.payload_length = table_.whole_payload_bytes();
    to.packet = bytes(table_.packet(), limits::packet_bytes);
    to.packet_length = table_.whole_packet_bytes();
    to.packet_link = static_cast<link_type>(table_.packet_link());
    if (to.payload.size() > to.payload_length || to.packet.size() > to.packet_length)
      blame(wire_errc::bad_value);
  }

  const record::Alert& table_;
  std::optional<wire_errc> fault_;
};

} // namespace

expected<alert, wire_errc> read_record(const record::Alert& table) {
  return reader{table}.read();
}

} // namespace cresset::detect::alert
