// Two threads and a bounded queue. The socket's thread never waits for the database, the store's
// never for the network:
//
//   socket ─▶ alert_handler ─▶ alert_queue ─▶ store thread: one transaction of ≤ 2,000 alerts or 10
//   ms
//      ▲            ▲                               │
//      └── answers ─┴──────────── wake ─────────────┘
#include "coord/ingest/ingest_loop.hpp"

#include "capture/base/log.hpp"

#include <algorithm>
#include <stdexcept>

namespace cresset::coord::ingest {
namespace {

using std::chrono::milliseconds;
using clock = std::chrono::steady_clock;

constexpr int messages_a_turn =
    16; // then answers are sent, so that no flood of messages delays an ack
constexpr milliseconds longest_wait{50};
constexpr std::chrono::minutes broken_told_every{1};

moment this_moment() {
  return {clock::now(), now()};
}

const key_file& checked(const key_file& own) {
  if (own.kind != key_kind::curve || !own.has_secret())
    throw std::runtime_error{"ingest: the server's key must be a curve key with its secret; make "
                             "one with 'cresset keys new'"};
  return own;
}

} // namespace

ingest_loop::ingest_loop(sensor_registry& sensors, alert_store& store, ingest_options options,
                         std::function<void()> stored)
    : options_{std::move(options)}, store_{store}, on_stored_{std::move(stored)},
      queue_{options_.queue}, handler_{sensors, queue_, options_.handler}, authenticator_{context_,
                                                                                          sensors},
      socket_{context_, options_.endpoint, checked(options_.own)}, endpoint_{socket_.endpoint()} {
  store_thread_ = std::thread{[this] { run_store(); }};
  socket_thread_ = std::thread{[this] { run_socket(); }};
}

ingest_loop::~ingest_loop() {
  stopping_.store(true);
  // what is queued and not committed is still in the sensors' spools
  queue_.close();
  stop_store_.raise();
  store_thread_.join();
  wake_socket_.raise();
  socket_thread_.join();
}

std::vector<sensor_status> ingest_loop::sessions() const {
  const std::lock_guard lock{sessions_mutex_};
  return sessions_;
}

// --- the socket's thread ---

void ingest_loop::run_socket() {
  std::vector<outgoing> out;
  while (!stopping_.load()) {
    take_messages(out);
    take_answers(out);
    handler_.tick(this_moment(), out);
    send(out);
    note_broken_handshakes();
    {
      auto open = handler_.sessions();
      const std::lock_guard lock{sessions_mutex_};
      sessions_.swap(open);
    }
    socket_.wait(wake_socket_, longest_wait);
    wake_socket_.clear();
  }
  take_answers(out); // commits of the last moment are still acknowledged
  handler_.shut_down(out);
  send(out);
}

void ingest_loop::take_messages(std::vector<outgoing>& out) {
  for (int i = 0; i < messages_a_turn; ++i) {
    const auto message = socket_.receive();
    if (!message)
      return;
    const byte_view body{message->body.data<std::byte>(), message->body.size()};
    handler_.handle({message->routing_id, message->key_owner, body}, this_moment(), out);
  }
}

void ingest_loop::take_answers(std::vector<outgoing>& out) {
  std::vector<answer> answers;
  {
    const std::lock_guard lock{answers_mutex_};
    answers.swap(answers_);
  }
  for (const auto& what : answers) {
    if (const auto* cursor = std::get_if<cursor_answer>(&what)) {
      handler_.cursor_found(cursor->of, cursor->cursor, this_moment(), out);
      continue;
    }
    const auto& run = std::get<run_answer>(what);
    if (run.stored)
      handler_.run_stored(run.of, run.outcome, this_moment(), out);
    else
      handler_.run_not_stored(run.of, run.first, this_moment(), out);
  }
}

void ingest_loop::send(std::vector<outgoing>& out) {
  for (const auto& message : out)
    if (!socket_.send(message.routing_id, message.message))
      counters_.unsent_answers.add();
  out.clear();
}

/// Strangers may knock as often as they like; the log hears of it once a minute.
void ingest_loop::note_broken_handshakes() {
  while (const auto address = socket_.broken_handshake()) {
    if (last_broken_told_ != clock::time_point{} &&
        clock::now() - last_broken_told_ < broken_told_every)
      continue;
    last_broken_told_ = clock::now();
    log(log_level::warning, "ingest",
        "a handshake on {} broke off: no sensor, or one that holds another server's key", *address);
  }
}

// --- the store's thread ---

void ingest_loop::run_store() {
  while (!stopping_.load()) {
    auto next = queue_.pop(options_.commit_limit_alerts, options_.commit_after);
    for (const auto& hello : next.hellos)
      find_cursor(hello);
    if (!next.runs.empty())
      store_runs(std::move(next.runs));
  }
}

void ingest_loop::find_cursor(const queued_hello& hello) {
  for (;;) {
    const auto cursor = store_.cursor(hello.sensor, hello.epoch);
    if (cursor) {
      pause_ = milliseconds{0};
      return post(cursor_answer{hello.from, *cursor});
    }
    if (!pause_store(cursor.error().text))
      return;
  }
}

void ingest_loop::store_runs(std::vector<queued_run> queued) {
  std::vector<alert_run> runs;
  runs.reserve(queued.size());
  for (auto& one : queued)
    runs.push_back(std::move(one.run));
  if (commit(queued, runs) || queued.size() == 1)
    return;
  // One of them cannot be stored: the others must not suffer for it.
  for (std::size_t i = 0; i < queued.size() && !stopping_.load(); ++i)
    (void)commit(std::span{queued}.subspan(i, 1), std::span{runs}.subspan(i, 1));
}

/// False when the store refuses these runs as they are; waits as long as it is merely not there. A
/// single run that is refused is given back to its sensor.
bool ingest_loop::commit(std::span<const queued_run> queued, std::span<const alert_run> runs) {
  for (;;) {
    const auto outcomes = store_.commit(runs);
    if (outcomes) {
      pause_ = milliseconds{0};
      counters_.transactions.add();
      for (std::size_t i = 0; i < runs.size() && i < outcomes->size(); ++i) {
        ((*outcomes)[i].accepted ? counters_.stored_runs : counters_.rejected_runs).add();
        if ((*outcomes)[i].accepted)
          durable_after_.add(clock::now() - queued[i].arrived, runs[i].entries.size());
        post(run_answer{queued[i].from, runs[i].first, (*outcomes)[i]});
      }
      if (on_stored_)
        on_stored_();
      return true;
    }
    counters_.failed_commits.add();
    if (outcomes.error().why == store_error::code::refused) {
      if (runs.size() == 1) {
        log(log_level::error, "ingest",
            "alerts {} to {} of sensor {} cannot be stored, the sensor keeps them: {}",
            runs[0].first, runs[0].last, queued[0].from.sensor, outcomes.error().text);
        post(run_answer{queued[0].from, runs[0].first, {}, false});
      }
      return false;
    }
    if (!pause_store(outcomes.error().text))
      return true;
  }
}

void ingest_loop::post(answer what) {
  {
    const std::lock_guard lock{answers_mutex_};
    answers_.push_back(std::move(what));
  }
  wake_socket_.raise();
}

/// Waits before the store is asked again; false when the server stops. The first failure of a row
/// has a line in the log.
bool ingest_loop::pause_store(const std::string& why) {
  if (pause_ == milliseconds{0})
    log(log_level::error, "ingest", "the store is not available, sensors keep their alerts: {}",
        why);
  pause_ = std::clamp(pause_ * 2, options_.retry_first, options_.retry_last);
  stop_store_.wait(pause_);
  return !stopping_.load();
}

} // namespace cresset::coord::ingest
