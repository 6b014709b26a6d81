#include "coord/store/alert_rows.hpp"

#include "coord/store/sql_text.hpp"
#include "detect/alert/utf8.hpp"
#include "detect/alert/wire.hpp"

#include <limits>
#include <tuple>

namespace cresset::coord::store {
namespace {

const std::vector<std::string> alert_columns{
    "position",    "group_id",    "cursor",      "sequence",         "received",
    "captured_ns", "gid",         "sid",         "revision",         "severity",
    "source",      "destination", "source_port", "destination_port", "protocol",
    "application", "record"};
const std::vector<std::string> evidence_columns{"position",  "received",      "captured_ns",
                                                "link_type", "packet",        "packet_length",
                                                "payload",   "payload_length"};
const std::vector<std::string> refusal_columns{"cursor", "sequence", "received", "reason",
                                               "record"};

/// The record without packet and payload, which stand in `alert_evidence`.
std::string slim_record(const ingest::accepted_alert& accepted) {
  if (accepted.alert.payload.empty() && accepted.alert.packet.empty())
    return sql_bytes(accepted.record);
  auto slim = accepted.alert;
  slim.payload.clear();
  slim.packet.clear();
  return sql_bytes(detect::alert::encode(slim));
}

std::optional<std::string> bytes_or_null(const std::vector<std::byte>& bytes) {
  return bytes.empty() ? std::nullopt : std::optional{sql_bytes(bytes)};
}

std::optional<std::string> address_or_null(const std::optional<five_tuple>& tuple, bool source) {
  if (!tuple)
    return std::nullopt;
  return (source ? tuple->source : tuple->destination).to_string();
}

void copy_evidence(pqxx::work& t, const std::vector<pending_alert>& alerts, std::int64_t first) {
  pqxx::stream_to to{t, "alert_evidence", evidence_columns};
  auto position = first;
  for (const auto& pending : alerts) {
    const auto& alert = pending.accepted->alert;
    if (!alert.packet.empty() || !alert.payload.empty())
      to << std::make_tuple(position, *pending.received, to_ns(alert.captured_at),
                            static_cast<int>(alert.packet_link), bytes_or_null(alert.packet),
                            std::int64_t{alert.packet_length}, bytes_or_null(alert.payload),
                            std::int64_t{alert.payload_length});
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
    pqxx::stream_to to{t, "alert", alert_columns};
    auto position = first;
    for (const auto& pending : alerts) {
      const auto& alert = pending.accepted->alert;
      const auto tuple = alert.tuple.value_or(five_tuple{});
      to << std::make_tuple(
          position++, pending.group, pending.cursor, static_cast<std::int64_t>(alert.sequence),
          *pending.received, to_ns(alert.captured_at), std::int64_t{alert.gid},
          std::int64_t{alert.sid}, std::int64_t{alert.rev},
          static_cast<int>(alert.severity.value()), address_or_null(alert.tuple, true),
          address_or_null(alert.tuple, false), static_cast<int>(tuple.source_port),
          static_cast<int>(tuple.destination_port), static_cast<int>(tuple.protocol),
          alert.app_proto, slim_record(*pending.accepted));
    }
    to.complete();
  }
  copy_evidence(t, alerts, first);
}

void copy_refusals(pqxx::work& t, const std::vector<pending_refusal>& refusals) {
  if (refusals.empty())
    return;
  pqxx::stream_to to{t, "alert_refused", refusal_columns};
  for (const auto& refused : refusals)
    to << std::make_tuple(refused.cursor, static_cast<std::int64_t>(refused.sequence),
                          *refused.received, detect::alert::to_clean_utf8(refused.reason, 512),
                          sql_bytes(refused.record));
  to.complete();
}

} // namespace cresset::coord::store
