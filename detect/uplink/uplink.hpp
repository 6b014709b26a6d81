#pragma once

#include "capture/base/counter.hpp"
#include "capture/base/key_file.hpp"
#include "detect/uplink/session.hpp"
#include "detect/uplink/spool.hpp"

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>

namespace cresset::detect::uplink {

struct uplink_options {
  std::string endpoint; ///< "tcp://192.0.2.1:7431"
  key_file own;         ///< curve, with the secret
  key_file server;      ///< curve, public
  session_options session;
  std::chrono::milliseconds linger_batch{10}; ///< a record waits at most this long for company
  std::chrono::milliseconds connect_within{5000};
  std::chrono::milliseconds retry_first{
      100}; ///< pause before a new connection; doubled up to retry_last
  std::chrono::milliseconds retry_last{5000};
  std::chrono::milliseconds retry_refused{5000}; ///< pause after the server refused our key
};

struct uplink_counters {
  counter connected; ///< sessions the server welcomed
  counter broken;    ///< sessions that ended
  counter refused;   ///< handshakes refused for a key
  counter batches_sent;
  counter acknowledged; ///< last sequence confirmed
  counter resumes;
  counter busy;
  counter is_up; ///< 1 while welcome
};

/// The thread that brings the spool's alerts to the server and forgets what the server has
/// committed. It owns its ZeroMQ context: make it before EAL starts (affinity). Errors in the
/// options throw std::invalid_argument with one clear line.
class uplink {
public:
  uplink(spool& from, uplink_options options);
  /// Stops.
  ~uplink();
  uplink(const uplink&) = delete;
  uplink& operator=(const uplink&) = delete;

  /// New records are in the spool: from the outbox, after each commit. Any thread, never waits.
  void wake() noexcept;
  /// Goes on sending until the spool is empty or the patience is over, then ends the thread.
  void stop(std::chrono::milliseconds patience = std::chrono::milliseconds{0});

  const uplink_counters& counters() const noexcept { return counters_; }

private:
  class connection_loop;
  uplink_counters counters_;
  std::unique_ptr<connection_loop> loop_;
  std::thread thread_;
};

} // namespace cresset::detect::uplink
