#include "coord/store/alert_rows.hpp"

#include "coord/signed/digest.hpp"
#include "coord/store/binary_copy.hpp"
#include "detect/alert/utf8.hpp"
#include "detect/alert/wire.hpp"

namespace cresset::coord::store {
namespace {

constexpr std::string_view alert_columns =
    "alert (position, group_id, cursor, sequence, received, captured_ns, gid, sid, revision, "
    "severity, source, destination, source_port, destination_port, protocol, application, record)";
constexpr std::int16_t alert_columns_count = 17;
constexpr std::string_view evidence_columns =
    "alert_evidence (position, received, captured_ns, link_type, packet, packet_length, payload, "
    "payload_length)";
constexpr std::int16_t evidence_columns_count = 8;
constexpr std::string_view kept_columns =
    "kept_evidence (position, kind, link_type, captured_ns, bytes, hash, kept, group_id)";
constexpr std::int16_t kept_columns_count = 8;
constexpr std::string_view refusal_columns =
    "alert_refused (cursor, sequence, received, reason, record)";
constexpr std::int16_t refusal_columns_count = 5;

/// The record without packet and payload, which stand in `alert_evidence`.
void add_slim_record(binary_copy& to, const ingest::accepted_alert& accepted) {
  if (accepted.alert.payload.empty() && accepted.alert.packet.empty()) {
    to.add_bytes(accepted.record);
    return;
  }
  auto slim = accepted.alert;
  slim.payload.clear();
  slim.packet.clear();
  to.add_bytes(detect::alert::encode(slim));
}

void add_bytes_or_null(binary_copy& to, const std::vector<std::byte>& bytes) {
  if (bytes.empty())
    to.add_null();
  else
    to.add_bytes(bytes);
}

void add_tuple(binary_copy& to, const std::optional<five_tuple>& tuple) {
  if (tuple)
    to.add_address(tuple->source).add_address(tuple->destination);
  else
    to.add_null().add_null();
  const auto known = tuple.value_or(five_tuple{});
  to.add_integer(known.source_port)
      .add_integer(known.destination_port)
      .add_smallint(static_cast<int>(known.protocol));
}

void copy_evidence(pqxx::work& t, const std::vector<pending_alert>& alerts, std::int64_t first) {
  binary_copy to{t, evidence_columns};
  auto position = first;
  for (const auto& pending : alerts) {
    const auto& alert = pending.accepted->alert;
    if (!alert.packet.empty() || !alert.payload.empty()) {
      to.row(evidence_columns_count)
          .add_bigint(position)
          .add_time(pending.received)
          .add_bigint(to_ns(alert.captured_at))
          .add_integer(static_cast<int>(alert.packet_link));
      add_bytes_or_null(to, alert.packet);
      to.add_bigint(alert.packet_length);
      add_bytes_or_null(to, alert.payload);
      to.add_bigint(alert.payload_length);
    }
    ++position;
  }
  to.complete();
}

} // namespace

std::string unfit(const detect::alert::alert& alert) {
  for (const auto& [name, text] :
       {std::pair{"msg", &alert.msg}, std::pair{"category", &alert.category},
        std::pair{"app_proto", &alert.app_proto}})
    if (!detect::alert::is_clean_utf8(*text))
      return std::string{name} + " holds a NUL or is not UTF-8";
  return {};
}

void copy_alerts(pqxx::work& t, const std::vector<pending_alert>& alerts, std::int64_t first) {
  if (alerts.empty())
    return;
  {
    binary_copy to{t, alert_columns};
    auto position = first;
    for (const auto& pending : alerts) {
      const auto& alert = pending.accepted->alert;
      to.row(alert_columns_count)
          .add_bigint(position++)
          .add_bigint(pending.group)
          .add_bigint(pending.cursor)
          .add_bigint(static_cast<std::int64_t>(alert.sequence))
          .add_time(pending.received)
          .add_bigint(to_ns(alert.captured_at))
          .add_bigint(alert.gid)
          .add_bigint(alert.sid)
          .add_bigint(alert.rev)
          .add_smallint(alert.severity.value());
      add_tuple(to, alert.tuple);
      to.add_text(alert.app_proto);
      add_slim_record(to, *pending.accepted);
    }
    to.complete();
  }
  copy_evidence(t, alerts, first);
}

void copy_kept_evidence(pqxx::work& t, const std::vector<pending_alert>& alerts,
                        const std::vector<std::size_t>& which, std::int64_t first) {
  if (which.empty())
    return;
  binary_copy to{t, kept_columns};
  for (const auto number : which) {
    const auto& pending = alerts[number];
    const auto& alert = pending.accepted->alert;
    for (const auto& [kind, bytes] :
         {std::pair{"packet", &alert.packet}, std::pair{"payload", &alert.payload}})
      if (!bytes->empty())
        to.row(kept_columns_count)
            .add_bigint(first + static_cast<std::int64_t>(number))
            .add_text(kind)
            .add_integer(static_cast<int>(alert.packet_link))
            .add_bigint(to_ns(alert.captured_at))
            .add_bytes(*bytes)
            .add_bytes(signed_::digest::of(as_text(*bytes)).bytes)
            .add_time(pending.received)
            .add_bigint(pending.group);
  }
  to.complete();
}

void copy_refusals(pqxx::work& t, const std::vector<pending_refusal>& refusals) {
  if (refusals.empty())
    return;
  binary_copy to{t, refusal_columns};
  for (const auto& refused : refusals)
    to.row(refusal_columns_count)
        .add_bigint(refused.cursor)
        .add_bigint(static_cast<std::int64_t>(refused.sequence))
        .add_time(refused.received)
        .add_text(detect::alert::to_clean_utf8(refused.reason, 512))
        .add_bytes(refused.record);
  to.complete();
}

} // namespace cresset::coord::store
