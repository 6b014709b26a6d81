#include "coord/server/metrics.hpp"

#include <fmt/format.h>

#include <filesystem>

namespace cresset::coord::server {
namespace {

using list = std::vector<api::metric>;

void add(list& to, std::string_view name, std::string_view help, double value,
         std::string labels = {}) {
  const bool counts = name.ends_with("_total");
  to.push_back({fmt::format("cresset_{}", name), std::string{help}, counts ? "counter" : "gauge",
                value, std::move(labels)});
}

void add(list& to, std::string_view name, std::string_view help, const counter& value) {
  add(to, name, help, static_cast<double>(value.value()));
}

/// A histogram of Prometheus: from an alert's arrival to the commit that made it durable.
void add_durability(list& to, const ingest::latency_histogram& took) {
  const std::string name = "cresset_ingest_durable_seconds";
  const std::string help = "From an alert's arrival to its commit";
  const auto sample = [&](std::string_view of, double value, std::string labels) {
    to.push_back({name + std::string{of}, help, "counter", value, std::move(labels)});
  };
  for (std::size_t i = 0; i < took.bounds.size(); ++i)
    sample("_bucket", static_cast<double>(took.up_to(i)),
           fmt::format("le=\"{}\"", static_cast<double>(took.bounds[i].count()) / 1000));
  sample("_bucket", static_cast<double>(took.alerts()), "le=\"+Inf\"");
  sample("_sum", took.sum_seconds(), {});
  sample("_count", static_cast<double>(took.alerts()), {});
}

void add_ingest(list& to, const ingest::ingest_loop& from) {
  const auto& loop = from.counters();
  const auto& traffic = from.traffic();
  add(to, "ingest_messages_total", "Messages of sensors", traffic.messages);
  add(to, "ingest_alerts_total", "Records that passed the verifier", traffic.alerts);
  add(to, "ingest_refused_records_total", "Records that did not", traffic.refused_records);
  add(to, "ingest_declared_drops_total", "Sequences that sensors declared lost",
      traffic.declared_drops);
  add(to, "ingest_acknowledgements_total", "Acknowledgements sent", traffic.acks);
  add(to, "ingest_resumes_total", "Times a sensor was told where to go on", traffic.resumes);
  add(to, "ingest_busy_total", "Times a sensor was told to slow down", traffic.busy);
  add(to, "ingest_stale_total", "Batches of a round or session that was over", traffic.stale);
  add(to, "ingest_malformed_total", "Messages that ended their session", traffic.malformed);
  add(to, "ingest_strangers_total", "Messages of sensors not registered any more",
      traffic.strangers);
  add(to, "ingest_transactions_total", "Transactions committed", loop.transactions);
  add(to, "ingest_stored_runs_total", "Runs of alerts committed", loop.stored_runs);
  add(to, "ingest_rejected_runs_total", "Runs that did not continue their cursor",
      loop.rejected_runs);
  add(to, "ingest_failed_commits_total", "Transactions that did not happen", loop.failed_commits);
  add(to, "ingest_unsent_answers_total", "Answers to connections that were gone",
      loop.unsent_answers);
  add(to, "ingest_queue_alerts", "Alerts that stand before the store",
      static_cast<double>(from.queue().alerts()));
  add(to, "ingest_queue_bytes", "Their bytes", static_cast<double>(from.queue().bytes()));
  add_durability(to, from.durable_after());
}

void add_database(list& to, const measured& of) {
  if (of.cluster != nullptr) {
    add(to, "database_ends_total", "Times the private database ended by itself",
        of.cluster->ends());
    add(to, "database_failed_starts_total", "Starts of it that failed",
        of.cluster->failed_starts());
  }
  auto operation = of.operation;
  const auto read = operation.how_far();
  add(to, "database_up", "1 when the database answers", read ? 1 : 0);
  if (!read)
    return;
  const auto number = [](std::int64_t value) { return static_cast<double>(value); };
  add(to, "database_bytes", "Size of the database", number(read->bytes));
  add(to, "alerts_stored_total", "Alert positions allotted", number(read->alerts));
  add(to, "group_changes_total", "Changes of groups appended", number(read->group_changes));
  add(to, "journal_entries_total", "Entries of the journal", number(read->journal));
  add(to, "correlator_lag_changes", "Changes the correlator has not read yet",
      number(read->group_changes - read->correlated));
  add(to, "newest_change_age_seconds", "Since the newest change of a group was received",
      number(read->last_change_age_s));
}

void add_sensors(list& to, sensor_desk& sensors) {
  const auto all = sensors.sensors();
  if (!all)
    return;
  for (const auto& one : all->sensors) {
    const auto label = fmt::format("sensor=\"{}\"", one.name);
    add(to, "sensor_connected", "1 while its session stands", one.connected ? 1 : 0, label);
    add(to, "sensor_stored_total", "Its alerts that were committed",
        static_cast<double>(one.stored), label);
    add(to, "sensor_refused_total", "Its records that could not be taken",
        static_cast<double>(one.refused), label);
    add(to, "sensor_dropped_total", "Its alerts that it declared lost",
        static_cast<double>(one.dropped), label);
  }
  add(to, "sensor_strangers", "Keys that knocked and are not registered",
      static_cast<double>(all->strangers.size()));
}

void add_partners(list& to, api::partner_board& partners) {
  const auto all = partners.partners();
  if (!all)
    return;
  for (const auto& one : *all) {
    const auto label = fmt::format("partner=\"{}\"", one.name);
    const auto number = [](std::uint64_t value) { return static_cast<double>(value); };
    add(to, "partner_link_up", "1 while the link is open", one.link == "up" ? 1 : 0, label);
    add(to, "partner_link_halted", "1 when a refusal stopped a stream",
        one.link == "halted" ? 1 : 0, label);
    add(to, "partner_sent_total", "Entries of our stream in its epoch", number(one.sent), label);
    add(to, "partner_acknowledged_total", "Of those, acknowledged", number(one.acknowledged),
        label);
    add(to, "partner_received_total", "Entries of the partner's stream in its epoch",
        number(one.received), label);
    add(to, "partner_alarms_total", "Alarms raised over the partner's stream", number(one.alarms),
        label);
  }
}

std::uint64_t free_bytes(const std::string& folder) {
  std::error_code error;
  const auto space = std::filesystem::space(folder, error);
  return error ? 0 : space.available;
}

} // namespace

std::vector<api::metric> operation_metrics(const measured& of) {
  list all;
  add_ingest(all, of.ingest);
  add_database(all, of);
  add_sensors(all, of.sensors);
  add_partners(all, of.partners);
  add(all, "state_free_bytes", "Free space where the state folder lies",
      static_cast<double>(free_bytes(of.state)));
  return all;
}

std::string trouble_of(const measured& of) {
  if (of.cluster != nullptr)
    if (auto trouble = of.cluster->trouble(); !trouble.empty())
      return trouble;
  auto operation = of.operation;
  const auto durable = operation.settings();
  if (!durable)
    return durable.error().text;
  if (!durable->holds())
    return "the database has fsync, synchronous_commit or full_page_writes off: what is "
           "acknowledged may be lost";
  if (const auto left = free_bytes(of.state); left < least_free_bytes)
    return fmt::format("{} MiB are free on the disk of {}: free space", left >> 20, of.state);
  return {};
}

} // namespace cresset::coord::server
