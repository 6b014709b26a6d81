// One batch, one transaction, in the order of docs/database.md, "Taking alerts". Everything that
// can be decided without the database is decided by `incident::group_batch`; here it is read,
// locked and written.
#include "coord/store/alert_store.hpp"

#include "coord/incident/alert_facts.hpp"
#include "coord/store/alert_rows.hpp"
#include "coord/store/connection_pool.hpp"
#include "coord/store/group_rows.hpp"
#include "coord/store/journal_writer.hpp"
#include "coord/store/sql_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>

namespace cresset::coord::store {
namespace {

using ingest::alert_run;
using ingest::run_outcome;

ingest::store_error for_ingest(const store_error& error) {
  const bool later = error.why == store_errc::unavailable;
  return {later ? ingest::store_error::code::unavailable : ingest::store_error::code::refused,
          error.text};
}

/// A cursor row, locked, with what this batch adds to it.
struct cursor_row {
  std::int64_t id = 0;
  std::uint64_t sequence = 0;
  std::int64_t stored = 0;
  std::int64_t refused = 0;
  std::int64_t dropped = 0;
  bool moved = false;
};
using cursor_key = std::pair<std::int64_t, std::string>;

cursor_key key_of(const alert_run& run) {
  return {run.sensor.value, sql_bytes(run.epoch.bytes)};
}

/// Everything that one transaction gathers before it writes.
class batch {
public:
  batch(pqxx::work& t, std::span<const alert_run> runs, alert_knowledge& knowledge,
        const incident::address_book* book)
      : t_{t}, runs_{runs}, knowledge_{knowledge}, book_{book} {}

  expected<std::vector<run_outcome>, store_error> take();

private:
  void lock_cursors();
  bool accept(const alert_run& run);
  void gather(const alert_run& run, cursor_row& cursor);
  void write_alerts();
  void write_ended(const incident::group_batch& groups, timestamp received);
  void advance_cursors();

  pqxx::work& t_;
  std::span<const alert_run> runs_;
  alert_knowledge& knowledge_;
  const incident::address_book* book_;
  std::map<cursor_key, cursor_row> cursors_;
  timestamp latest_{};
  std::vector<pending_alert> alerts_;
  std::vector<incident::sensor_number> sensors_;
  std::vector<pending_refusal> refusals_;
};

void batch::lock_cursors() {
  for (const auto& run : runs_)
    cursors_.try_emplace(key_of(run));
  for (auto& [key, cursor] : cursors_) {
    const auto read = [&] {
      return t_.exec_params("SELECT id, sequence FROM sensor_cursor WHERE sensor = $1 AND epoch = "
                            "$2::bytea FOR UPDATE",
                            key.first, key.second);
    };
    auto found = read();
    if (found.empty()) {
      t_.exec_params(
          "INSERT INTO sensor_cursor (sensor, epoch) VALUES ($1, $2::bytea) ON CONFLICT DO NOTHING",
          key.first, key.second);
      found = read();
    }
    cursor.id = found[0][0].as<std::int64_t>();
    cursor.sequence = found[0][1].as<std::uint64_t>();
  }
}

bool batch::accept(const alert_run& run) {
  auto& cursor = cursors_.at(key_of(run));
  if (run.first != cursor.sequence + 1 || run.last < run.first)
    return false;
  latest_ = std::max(latest_, run.received_at);
  gather(run, cursor);
  cursor.sequence = run.last;
  cursor.moved = true;
  return true;
}

void batch::gather(const alert_run& run, cursor_row& cursor) {
  for (const auto& entry : run.entries) {
    if (const auto* accepted = std::get_if<ingest::accepted_alert>(&entry)) {
      if (auto reason = unfit(accepted->alert); !reason.empty()) {
        refusals_.push_back({cursor.id, accepted->alert.sequence, run.received_at,
                             std::move(reason), accepted->record});
        ++cursor.refused;
        continue;
      }
      alerts_.push_back({accepted, cursor.id, run.received_at});
      sensors_.push_back({run.sensor.value});
      ++cursor.stored;
    } else if (const auto* refused = std::get_if<ingest::refused_alert>(&entry)) {
      refusals_.push_back(
          {cursor.id, refused->sequence, run.received_at, refused->reason, refused->record});
      ++cursor.refused;
    } else if (const auto* dropped = std::get_if<ingest::dropped_range>(&entry)) {
      t_.exec_params("INSERT INTO sensor_dropped (cursor, first, last, reason, received) VALUES "
                     "($1, $2, $3, $4, $5)",
                     cursor.id, static_cast<std::int64_t>(dropped->first),
                     static_cast<std::int64_t>(dropped->last), static_cast<int>(dropped->why),
                     sql_time(run.received_at));
      cursor.dropped += static_cast<std::int64_t>(dropped->last - dropped->first + 1);
    }
  }
}

void batch::write_alerts() {
  const auto count = static_cast<std::int64_t>(alerts_.size());
  // From here to the commit no other transaction allots positions: what is read of groups stays
  // true.
  const auto last =
      t_.exec_params1("UPDATE stream_head SET last = last + $1 WHERE name = 'alert' RETURNING last",
                      count)[0]
          .as<std::int64_t>();
  const auto first = last - count + 1;
  incident::group_batch groups{latest_};
  for (std::size_t i = 0; i < alerts_.size(); ++i)
    groups.add(incident::facts_of(alerts_[i].accepted->alert, sensors_[i], book_));
  read_into(t_, groups);
  groups.settle();
  const auto ids = write_groups(t_, groups, {first, sql_time(latest_)});
  for (std::size_t i = 0; i < alerts_.size(); ++i)
    alerts_[i].group = ids[groups.outcome_of(i)];
  for (std::size_t i = 0; i < alerts_.size(); ++i)
    knowledge_.take(alerts_[i].accepted->alert, alerts_[i].group,
                    first + static_cast<std::int64_t>(i), latest_);
  copy_alerts(t_, alerts_, first);
  knowledge_.write(t_, sql_time(latest_));
  // A group begins with evidence that outlives the partitions.
  std::vector<std::size_t> begin;
  for (const auto& outcome : groups.outcomes())
    if (outcome.is_new())
      begin.push_back(outcome.tally.first);
  copy_kept_evidence(t_, alerts_, begin, first);
  t_.exec("NOTIFY cresset, 'alert'");
  write_ended(groups, latest_);
}

void batch::write_ended(const incident::group_batch& groups, timestamp received) {
  for (const auto& dismissal : groups.dismissals()) {
    if (dismissal.active)
      continue;
    journal::event what;
    what.kind = journal::kind::dismissal_ended;
    what.at = received;
    what.by = "ingest";
    what.text = fmt::format("Standing dismissal {} of rule {} ended: {}", dismissal.decision.value,
                            dismissal.made_on.sid, dismissal.ended);
    what.detail = fmt::format("\"decision\":{}", dismissal.decision.value);
    append(t_, what);
  }
}

void batch::advance_cursors() {
  for (const auto& [key, cursor] : cursors_)
    if (cursor.moved)
      t_.exec_params(
          "UPDATE sensor_cursor SET sequence = $2, stored = stored + $3, refused = refused + $4, "
          "dropped = dropped + $5, updated = now() WHERE id = $1",
          cursor.id, static_cast<std::int64_t>(cursor.sequence), cursor.stored, cursor.refused,
          cursor.dropped);
}

expected<std::vector<run_outcome>, store_error> batch::take() {
  lock_cursors();
  std::vector<run_outcome> outcomes;
  for (const auto& run : runs_) {
    const bool accepted = accept(run);
    outcomes.push_back({accepted, cursors_.at(key_of(run)).sequence});
  }
  copy_refusals(t_, refusals_);
  // Cursors first: their rows are locked already, and behind the positions everybody waits for us.
  advance_cursors();
  if (!alerts_.empty())
    write_alerts();
  return outcomes;
}

} // namespace

expected<std::uint64_t, ingest::store_error>
alert_store::cursor(ingest::sensor_id sensor, const detect::alert::epoch_id& epoch) {
  const auto found = pool_.transact([&](pqxx::work& t) -> expected<std::uint64_t, store_error> {
    const auto row =
        t.exec_params("SELECT sequence FROM sensor_cursor WHERE sensor = $1 AND epoch = $2::bytea",
                      sensor.value, sql_bytes(epoch.bytes));
    return row.empty() ? 0 : row[0][0].as<std::uint64_t>();
  });
  if (!found)
    return unexpected{for_ingest(found.error())};
  return *found;
}

expected<std::vector<run_outcome>, ingest::store_error>
alert_store::commit(std::span<const alert_run> runs) {
  for (const auto& run : runs)
    if (run.last > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
      return unexpected{
          ingest::store_error{ingest::store_error::code::refused, "a sequence above 2^63 - 1"}};
  if (const auto made = make_days(runs); !made)
    return unexpected{for_ingest(made.error())};
  const auto book = books_ == nullptr ? nullptr : books_->current();
  std::shared_ptr<const indicator::indicator_set> watched;
  {
    const std::lock_guard lock{watched_mutex_};
    watched = watched_;
  }
  std::optional<alert_knowledge> knowledge;
  auto outcomes = pool_.transact([&](pqxx::work& t) {
    knowledge.emplace(rules_told_, watched);
    return batch{t, runs, *knowledge, book.get()}.take();
  });
  if (!outcomes)
    return unexpected{for_ingest(outcomes.error())};
  if (rules_told_.size() > rules_remembered_limit)
    rules_told_.clear();
  for (const auto& [rule, revision] : knowledge->learnt())
    rules_told_[rule] = revision;
  return *std::move(outcomes);
}

void alert_store::watch(std::shared_ptr<const indicator::indicator_set> watched) {
  const std::lock_guard lock{watched_mutex_};
  watched_ = std::move(watched);
}

/// The hourly task makes partitions well ahead; this is for a clock that jumped.
expected<void, store_error> alert_store::make_days(std::span<const alert_run> runs) {
  for (const auto& run : runs) {
    const auto today = std::chrono::floor<std::chrono::days>(run.received_at);
    if (first_day_ && *first_day_ <= today && today <= last_day_)
      continue;
    if (const auto made = make_partitions(pool_, today); !made)
      return made;
    first_day_ = first_day_ ? std::min(*first_day_, today) : today;
    last_day_ = std::max(last_day_, today + partitions_ahead);
  }
  return {};
}

} // namespace cresset::coord::store
