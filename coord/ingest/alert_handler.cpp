// The cursor rules (ARCHITECTURE, "the alert's route"): the store's cursor row is the only
// duplicate check, and `next` here is where it will stand once all that is queued is stored. A
// batch that begins elsewhere is answered once a round.
#include "coord/ingest/alert_handler.hpp"

#include "capture/base/log.hpp"
#include "detect/alert/wire.hpp"

#include <algorithm>

namespace cresset::coord::ingest {
namespace {

using namespace detect::alert;

constexpr int silent_heartbeats = 3;
constexpr std::chrono::minutes busy_told_every{1};
constexpr std::chrono::seconds skew_worth_a_word{5};

/// The session number of a message's head, even if the rest is malformed; 0 if it has none.
std::uint64_t claimed_session(byte_view body) noexcept {
  return body.size() >= 13 ? load_be64(body.subspan<5, 8>()) : 0;
}

outgoing bye(std::string_view routing_id, std::uint64_t session, bye_reason why, std::string text) {
  return {std::string{routing_id}, write_message(session, bye_message{why, std::move(text)})};
}

} // namespace

template <typename Body>
void alert_handler::say(session& to, const Body& body, const moment& at,
                        std::vector<outgoing>& out) {
  out.push_back({to.routing_id, write_message(to.key.session, body)});
  to.said = at;
}

void alert_handler::handle(const incoming& from, const moment& at, std::vector<outgoing>& out) {
  counters_.messages.add();
  const auto sensor = sensors_.find(std::string{from.key_owner});
  if (!sensor) {
    counters_.strangers.add();
    if (const auto known = peers_.find(from.key_owner); known != peers_.end())
      peers_.erase(known);
    out.push_back(bye(from.routing_id, claimed_session(from.body), bye_reason::unknown_session,
                      "this sensor is not registered any more"));
    return;
  }
  auto& of = peers_[sensor->name];
  const auto message = read_sensor_message(from.body);
  const bool is_hello = message && std::holds_alternative<hello_message>(message->body);
  if (at.steady < of.kept_out_until) {
    if (is_hello)
      out.push_back(bye(from.routing_id, message->session, bye_reason::malformed,
                        "kept out after a malformed message"));
    return;
  }
  if (!message)
    return punish(of, from, claimed_session(from.body), at, out);
  if (is_hello)
    return on_hello(*sensor, from, message->session, std::get<hello_message>(message->body), at,
                    out);
  if (!of.open || of.open->key.session != message->session ||
      of.open->routing_id != from.routing_id) {
    counters_.stale.add();
    out.push_back(
        bye(from.routing_id, message->session, bye_reason::unknown_session, "say hello first"));
    return;
  }
  of.open->heard = at;
  if (const auto* batch = std::get_if<batch_message>(&message->body))
    on_batch(*of.open, *batch, at, out);
  else if (const auto* heartbeat = std::get_if<sensor_heartbeat>(&message->body)) {
    of.open->status.next = std::max(of.open->status.next, heartbeat->next);
    note_clock(*of.open, heartbeat->clock, at);
  }
}

void alert_handler::on_hello(const known_sensor& sensor, const incoming& from, std::uint64_t id,
                             const hello_message& hello, const moment& at,
                             std::vector<outgoing>& out) {
  auto& of = peers_[sensor.name];
  if (of.open && !of.open->is_welcome && of.open->routing_id == from.routing_id)
    return counters_.stale.add(); // one is waiting for its cursor: each costs a query
  if (of.open && of.open->routing_id != from.routing_id)
    out.push_back(bye(of.open->routing_id, of.open->key.session, bye_reason::superseded,
                      "another connection with this key said hello"));
  session open;
  open.key = {sensor.name, id};
  open.routing_id = from.routing_id;
  open.epoch = hello.epoch;
  open.status = {sensor.id, sensor.name, hello.software, at.wall, 0, hello.next};
  open.heard = open.said = at;
  note_clock(open, hello.clock, at);
  of.open = std::move(open);
  if (!queue_.try_push(queued_hello{of.open->key, sensor.id, hello.epoch}))
    of.open.reset(); // it will say hello again
}

/// What the sensor's clock said, held against ours on arrival: the way here is in it, so a clock
/// that agrees seems behind by that much.
void alert_handler::note_clock(session& open, timestamp theirs, const moment& at) {
  if (theirs == timestamp{})
    return;
  const auto skew = std::chrono::duration_cast<std::chrono::milliseconds>(theirs - at.wall);
  const bool was_told = open.status.clock_skew && abs(*open.status.clock_skew) >= skew_worth_a_word;
  if (abs(skew) >= skew_worth_a_word && !was_told)
    log(log_level::warning, "ingest",
        "the clock of sensor {} is {} s {} ours; times of capture will lie by as much",
        open.key.sensor, abs(skew).count() / 1000, skew.count() > 0 ? "ahead of" : "behind");
  open.status.clock_skew = skew;
}

void alert_handler::cursor_found(const session_key& of, std::uint64_t cursor, const moment& at,
                                 std::vector<outgoing>& out) {
  auto* open = find(of);
  if (!open || open->is_welcome)
    return;
  open->is_welcome = true;
  open->next = cursor + 1;
  open->status.stored_through = cursor;
  welcome_message welcome;
  welcome.resume_from = open->next;
  welcome.max_batch_alerts = options_.max_batch_alerts;
  welcome.max_message_bytes = options_.max_message_bytes;
  welcome.window_batches = options_.window_batches;
  welcome.heartbeat_ms = static_cast<std::uint32_t>(options_.heartbeat.count());
  say(*open, welcome, at, out);
  log(log_level::info, "ingest", "sensor {} ({}) connected, epoch {}, from alert {}", of.sensor,
      open->status.software, open->epoch.to_string(), open->next);
}

void alert_handler::on_batch(session& open, const batch_message& batch, const moment& at,
                             std::vector<outgoing>& out) {
  if (batch.round > open.round) {
    open.round = batch.round;
    open.round_answered = false;
  }
  if (!open.is_welcome || batch.round < open.round || open.round_answered) {
    counters_.stale.add();
    return;
  }
  if (batch.first != open.next) {
    counters_.resumes.add();
    open.round_answered = true;
    return say(open, resume_message{open.round, open.next}, at, out);
  }
  queued_run queued{open.key, take_apart(open, batch, at), 0, at.steady};
  for (const auto& entry : batch.entries)
    queued.bytes += entry.record.size();
  // Never wait here: one slow database would hold up every sensor. A sensor that hears `busy`
  // offers the batch again.
  if (!queue_.try_push(std::move(queued))) {
    note_busy(open, at);
    return say(open,
               busy_message{open.round, open.next,
                            static_cast<std::uint32_t>(options_.busy_pause.count())},
               at, out);
  }
  open.next = batch.last + 1;
  open.status.next = std::max(open.status.next, open.next);
}

/// The log hears of it when it begins, and then once a minute as long as it lasts.
void alert_handler::note_busy(session& open, const moment& at) {
  counters_.busy.add();
  ++open.status.busy;
  open.round_answered = true;
  if (open.busy_told != std::chrono::steady_clock::time_point{} &&
      at.steady - open.busy_told < busy_told_every)
    return;
  open.busy_told = at.steady;
  log(log_level::warning, "ingest",
      "sensor {} is told to wait: {} alerts stand before the store, {} are in its spool",
      open.key.sensor, queue_.alerts(), open.status.next - std::min(open.status.next, open.next));
}

alert_run alert_handler::take_apart(const session& open, const batch_message& batch,
                                    const moment& at) {
  alert_run run;
  run.sensor = open.status.id;
  run.epoch = open.epoch;
  run.first = batch.first;
  run.last = batch.last;
  run.received_at = at.wall;
  run.entries.reserve(batch.entries.size());
  for (const auto& entry : batch.entries)
    run.entries.push_back(judge(open, entry));
  return run;
}

alert_run::entry alert_handler::judge(const session& open, const batch_entry& entry) {
  if (entry.dropped) {
    counters_.declared_drops.add(entry.last - entry.first + 1);
    return dropped_range{entry.first, entry.last, *entry.dropped};
  }
  std::vector<std::byte> record{entry.record.begin(), entry.record.end()};
  auto alert = decode(record);
  std::string reason;
  if (!alert)
    reason = to_string(alert.error());
  else if (alert->epoch != open.epoch || alert->sequence != entry.first)
    reason = "its epoch or sequence is not that of its place";
  if (!reason.empty()) {
    counters_.refused_records.add();
    return refused_alert{entry.first, std::move(reason), std::move(record)};
  }
  counters_.alerts.add();
  alert->sensor = open.key.sensor; // what the key proved, whatever the record claims
  return accepted_alert{*std::move(alert), std::move(record)};
}

void alert_handler::punish(peer& of, const incoming& from, std::uint64_t id, const moment& at,
                           std::vector<outgoing>& out) {
  counters_.malformed.add();
  of.last_penalty = std::clamp(of.last_penalty * 2, options_.penalty_first, options_.penalty_last);
  of.kept_out_until = at.steady + of.last_penalty;
  of.open.reset();
  out.push_back(
      bye(from.routing_id, id, bye_reason::malformed,
          fmt::format("a message of {} bytes is not of this protocol", from.body.size())));
  log(log_level::error, "ingest",
      "sensor {} sent a malformed message of {} bytes; it is kept out for {} s", from.key_owner,
      from.body.size(), of.last_penalty.count() / 1000);
}

void alert_handler::run_stored(const session_key& of, const run_outcome& outcome, const moment& at,
                               std::vector<outgoing>& out) {
  auto* open = find(of);
  if (!open || !open->is_welcome)
    return;
  if (outcome.accepted) {
    counters_.acks.add();
    open->status.stored_through = std::max(open->status.stored_through, outcome.cursor);
    return say(*open, ack_message{outcome.cursor}, at, out);
  }
  // The row says otherwise than we thought: another server, or an operator, moved it. Begin again
  // from there.
  counters_.resumes.add();
  open->next = outcome.cursor + 1;
  open->round_answered = true;
  say(*open, resume_message{open->round, open->next}, at, out);
}

void alert_handler::run_not_stored(const session_key& of, std::uint64_t first, const moment& at,
                                   std::vector<outgoing>& out) {
  auto* open = find(of);
  if (!open || !open->is_welcome)
    return;
  open->next = std::min(open->next, first);
  note_busy(*open, at);
  say(*open,
      busy_message{open->round, open->next, static_cast<std::uint32_t>(options_.heartbeat.count())},
      at, out);
}

void alert_handler::tick(const moment& at, std::vector<outgoing>& out) {
  for (auto& [name, of] : peers_) {
    if (!of.open)
      continue;
    if (at.steady - of.open->heard.steady > options_.heartbeat * silent_heartbeats) {
      if (of.open->is_welcome)
        log(log_level::warning, "ingest", "sensor {} has gone silent; {} alerts behind", name,
            of.open->status.next -
                std::min(of.open->status.next, of.open->status.stored_through + 1));
      of.open.reset();
    } else if (at.steady - of.open->said.steady >= options_.heartbeat) {
      say(*of.open, server_heartbeat{}, at, out);
    }
  }
}

void alert_handler::shut_down(std::vector<outgoing>& out) {
  for (auto& [name, of] : peers_)
    if (of.open) {
      out.push_back(bye(of.open->routing_id, of.open->key.session, bye_reason::shutting_down, ""));
      of.open.reset();
    }
}

std::vector<sensor_status> alert_handler::sessions() const {
  std::vector<sensor_status> open;
  for (const auto& [name, of] : peers_)
    if (of.open && of.open->is_welcome)
      open.push_back(of.open->status);
  return open;
}

alert_handler::session* alert_handler::find(const session_key& key) {
  const auto of = peers_.find(key.sensor);
  return of != peers_.end() && of->second.open && of->second.open->key == key ? &*of->second.open
                                                                              : nullptr;
}

} // namespace cresset::coord::ingest
