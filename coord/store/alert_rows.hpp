#pragma once

#include "coord/ingest/alert_store.hpp"

#include <pqxx/pqxx>

#include <string>
#include <vector>

namespace cresset::coord::store {

/// An alert of a batch with what is known of it besides.
struct pending_alert {
  const ingest::accepted_alert* accepted = nullptr;
  std::int64_t cursor = 0;
  timestamp received{};
  std::int64_t group = 0;
};

struct pending_refusal {
  std::int64_t cursor = 0;
  std::uint64_t sequence = 0;
  timestamp received{};
  std::string reason;
  byte_view record;
};

/// Why the database could not take this alert; empty when it can.
std::string unfit(const detect::alert::alert& alert);

/// COPY into `alert` and `alert_evidence`; alert n stands at position `first` + n.
void copy_alerts(pqxx::work& t, const std::vector<pending_alert>& alerts, std::int64_t first);
/// COPY of these alerts' packet and payload into `kept_evidence`, with their hashes: number n of
/// `which` is the alert at position `first` + n.
void copy_kept_evidence(pqxx::work& t, const std::vector<pending_alert>& alerts,
                        const std::vector<std::size_t>& which, std::int64_t first);
void copy_refusals(pqxx::work& t, const std::vector<pending_refusal>& refusals);

} // namespace cresset::coord::store
