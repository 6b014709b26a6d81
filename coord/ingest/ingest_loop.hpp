#pragma once

#include "capture/base/counter.hpp"
#include "capture/base/key_file.hpp"
#include "capture/base/wake_event.hpp"
#include "coord/ingest/alert_handler.hpp"
#include "coord/ingest/alert_queue.hpp"
#include "coord/ingest/alert_store.hpp"
#include "coord/ingest/authenticator.hpp"
#include "coord/ingest/latency_histogram.hpp"
#include "coord/ingest/sensor_registry.hpp"
#include "coord/ingest/socket.hpp"

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <variant>
#include <vector>

namespace cresset::coord::ingest {

struct ingest_options {
  std::string endpoint = "tcp://*:7431";
  key_file own;                           ///< curve, with the secret
  std::size_t commit_limit_alerts = 2000; ///< one transaction's most
  std::chrono::milliseconds commit_after{10};
  std::chrono::milliseconds retry_first{
      100}; ///< after a transaction that did not happen; doubled up to retry_last
  std::chrono::milliseconds retry_last{2000};
  queue_limits queue;
  handler_options handler;
};

struct loop_counters {
  counter transactions;
  counter stored_runs;
  counter rejected_runs; ///< their first was not cursor + 1
  counter failed_commits;
  counter unsent_answers; ///< connection gone or its queue full
};

/// ZeroMQ in: the thread of the socket, the thread of the store, the authenticator and the queue
/// between them. Starts with its making, ends with its destruction; the store and the registry must
/// outlive it.
class ingest_loop {
public:
  /// Throws std::runtime_error with one clear line when the key is of the wrong kind or the address
  /// cannot be bound. `stored` is called on the store's thread after each transaction, for who
  /// pushes news to consoles; it must not wait.
  ingest_loop(sensor_registry& sensors, alert_store& store, ingest_options options,
              std::function<void()> stored = {});
  ~ingest_loop();
  ingest_loop(const ingest_loop&) = delete;
  ingest_loop& operator=(const ingest_loop&) = delete;

  /// Where it listens, with the port the system chose if the option said `*`.
  const std::string& endpoint() const noexcept { return endpoint_; }
  /// The sessions that stand now; any thread.
  std::vector<sensor_status> sessions() const;
  const handler_counters& traffic() const noexcept { return handler_.counters(); }
  const loop_counters& counters() const noexcept { return counters_; }
  /// From the arrival of an alert's message to the commit that stored it.
  const latency_histogram& durable_after() const noexcept { return durable_after_; }
  const alert_queue& queue() const noexcept { return queue_; }
  std::uint64_t keys_accepted() const noexcept { return authenticator_.accepted(); }
  std::uint64_t keys_refused() const noexcept { return authenticator_.refused(); }

private:
  struct cursor_answer {
    session_key of;
    std::uint64_t cursor;
  };
  struct run_answer {
    session_key of;
    std::uint64_t first;
    run_outcome outcome;
    bool stored = true; // false: the store cannot take it as it is
  };
  using answer = std::variant<cursor_answer, run_answer>;

  void run_socket();
  void run_store();
  void take_messages(std::vector<outgoing>& out);
  void take_answers(std::vector<outgoing>& out);
  void send(std::vector<outgoing>& out);
  void note_broken_handshakes();
  void find_cursor(const queued_hello& hello);
  void store_runs(std::vector<queued_run> queued);
  bool commit(std::span<const queued_run> queued, std::span<const alert_run> runs);
  void post(answer what);
  bool pause_store(const std::string& why);

  const ingest_options options_;
  alert_store& store_;
  const std::function<void()> on_stored_;
  alert_queue queue_;
  alert_handler handler_; // the socket's thread alone
  loop_counters counters_;
  latency_histogram durable_after_; // the store's thread adds

  zmq::context_t context_{1};
  authenticator authenticator_;
  socket socket_; // bound by the maker, then used by its thread alone
  std::string endpoint_;

  wake_event wake_socket_;
  wake_event stop_store_;
  std::atomic<bool> stopping_{false};
  std::mutex answers_mutex_;
  std::vector<answer> answers_;
  mutable std::mutex sessions_mutex_;
  std::vector<sensor_status> sessions_;
  std::chrono::milliseconds pause_{0};                       // the store's thread alone
  std::chrono::steady_clock::time_point last_broken_told_{}; // the socket's thread alone
  std::thread store_thread_;
  std::thread socket_thread_;
};

} // namespace cresset::coord::ingest
