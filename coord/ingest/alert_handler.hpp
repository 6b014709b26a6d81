#pragma once

#include "capture/base/counter.hpp"
#include "coord/ingest/alert_queue.hpp"
#include "coord/ingest/sensor_registry.hpp"
#include "detect/alert/uplink_message.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cresset::coord::ingest {

/// A message from a sensor; everything it views lives until handle() returns.
struct incoming {
  std::string_view routing_id; ///< the connection: where answers go
  std::string_view
      key_owner; ///< the name that ZAP found for the connection's key; empty if there is none
  byte_view body;
};
/// A message to send.
struct outgoing {
  std::string routing_id;
  std::vector<std::byte> message;
};

/// Both clocks at one moment: `steady` for time-outs, `wall` for what is stored.
struct moment {
  std::chrono::steady_clock::time_point steady{};
  timestamp wall{};
};

struct handler_options {
  std::chrono::milliseconds heartbeat{2000};
  std::chrono::milliseconds busy_pause{200};
  std::chrono::milliseconds penalty_first{10'000}; ///< for a malformed message; doubled each time
  std::chrono::milliseconds penalty_last{600'000};
  std::uint16_t window_batches = 8;
  std::uint16_t max_batch_alerts = detect::alert::uplink_batch_limit_entries;
  std::uint32_t max_message_bytes = 1U << 20;
};

struct handler_counters {
  counter messages;
  counter alerts;          ///< records that passed the verifier, offered again ones included
  counter refused_records; ///< records that did not
  counter declared_drops;  ///< sequences that sensors declared dropped
  counter acks;
  counter resumes;
  counter busy;
  counter stale;     ///< batches of an answered round or an old session
  counter malformed; ///< messages that ended their session
  counter strangers; ///< messages of sensors that are not registered any more
};

/// How one sensor's session stands.
struct sensor_status {
  sensor_id id;
  std::string name;
  std::string software;
  timestamp since{};                ///< of its hello
  std::uint64_t stored_through = 0; ///< last sequence committed
  std::uint64_t next =
      0; ///< the sensor's next sequence, as it last said: the difference is what it holds back
  std::uint64_t busy = 0; ///< times it was told to wait
  /// Its clock less ours, as of its last heartbeat; nothing from a sensor that does not tell.
  std::optional<std::chrono::milliseconds> clock_skew{};
};

/// The server's half of the uplink protocol for all sensors: pure, no socket, no thread, no
/// database. It reads messages, checks every record, puts runs into the queue and writes answers;
/// the loop brings it what the store said.
class alert_handler {
public:
  alert_handler(const sensor_registry& sensors, alert_queue& queue, handler_options options)
      : sensors_{sensors}, queue_{queue}, options_{options} {}

  void handle(const incoming& from, const moment& at, std::vector<outgoing>& out);

  /// The store's answer to a queued hello.
  void cursor_found(const session_key& of, std::uint64_t cursor, const moment& at,
                    std::vector<outgoing>& out);
  /// The store's answer to a queued run.
  void run_stored(const session_key& of, const run_outcome& outcome, const moment& at,
                  std::vector<outgoing>& out);
  /// The store cannot take this run as it is: its sensor shall keep it and offer it again later.
  void run_not_stored(const session_key& of, std::uint64_t first, const moment& at,
                      std::vector<outgoing>& out);

  /// Heartbeats and time-outs; several times a second.
  void tick(const moment& at, std::vector<outgoing>& out);
  /// Tells all sensors that the server stops.
  void shut_down(std::vector<outgoing>& out);

  std::vector<sensor_status> sessions() const;
  const handler_counters& counters() const noexcept { return counters_; }

private:
  struct session {
    session_key key;
    std::string routing_id;
    sensor_status status;
    detect::alert::epoch_id epoch;
    bool is_welcome = false;
    std::uint64_t next = 0; // the sequence the next batch must begin with
    std::uint32_t round = 0;
    bool round_answered = false; // with resume or busy: the rest of the round is thrown away
    moment heard;
    moment said;
    std::chrono::steady_clock::time_point busy_told{};
  };
  struct peer {
    std::optional<session> open;
    std::chrono::steady_clock::time_point kept_out_until{};
    std::chrono::milliseconds last_penalty{0};
  };

  void on_hello(const known_sensor& sensor, const incoming& from, std::uint64_t id,
                const detect::alert::hello_message& hello, const moment& at,
                std::vector<outgoing>& out);
  void on_batch(session& open, const detect::alert::batch_message& batch, const moment& at,
                std::vector<outgoing>& out);
  void note_busy(session& open, const moment& at);
  static void note_clock(session& open, timestamp theirs, const moment& at);
  alert_run take_apart(const session& open, const detect::alert::batch_message& batch,
                       const moment& at);
  alert_run::entry judge(const session& open, const detect::alert::batch_entry& entry);
  void punish(peer& of, const incoming& from, std::uint64_t id, const moment& at,
              std::vector<outgoing>& out);
  session* find(const session_key& key);
  template <typename Body>
  void say(session& to, const Body& body, const moment& at, std::vector<outgoing>& out);

  const sensor_registry& sensors_;
  alert_queue& queue_;
  const handler_options options_;
  std::map<std::string, peer, std::less<>> peers_; // of registered sensors only
  handler_counters counters_;
};

} // namespace cresset::coord::ingest
