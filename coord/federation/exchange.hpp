#pragma once

#include "coord/federation/link.hpp"
#include "coord/federation/socket.hpp"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace cresset::coord::federation {

/// A link and whose it is, for pages and logs.
struct partner_status {
  std::string partner; ///< identity id
  std::string name;
  bool dials = false;
  link_status link;
};

/// Joins the links to sockets, store and clock, in one thread of its own. What the links decide is
/// theirs; this moves frames.
class exchange {
public:
  struct settings {
    transport_keys keys;
    /// Where partners may dial ("tcp://*:7400"); empty: nowhere.
    std::string listen;
    /// Endpoints by identity id that replace those of the partner's key record.
    std::map<std::string, std::string, std::less<>> endpoints;
    link_times times;
    /// Called in the exchange's thread for each entry taken in, once or, after a kill, once more.
    std::function<void(const peer&, const unprocessed_entry&)> arrived;
    /// Called in the exchange's thread with a partner's newer key record, to be kept with its pin.
    std::function<void(const signed_::signed_key_record&)> renewed;
  };

  /// Binds and starts. `self`, `peers` and `store` must outlive it. Throws zmq::error_t when it
  /// cannot bind.
  exchange(const own_identity& self, peer_directory& peers, stream_store& store, settings how);
  /// Says goodbye to the partners and stops.
  ~exchange();
  exchange(const exchange&) = delete;
  exchange& operator=(const exchange&) = delete;

  /// Our streams have grown: what is new goes out now, not at the next tick. Any thread.
  void appended();
  std::vector<partner_status> status() const;
  /// Where it listens, with the port the system chose; empty if it does not.
  std::string endpoint() const { return listener_ ? listener_->endpoint() : std::string{}; }

private:
  struct line {
    std::unique_ptr<link> session;
    std::unique_ptr<dialling_socket> dialler; ///< none when the partner dials
    std::string routing_id;                   ///< of the connection its last open came on
    bool is_touched = false;
    std::string said; ///< the trouble last written to the log
  };

  void add_lines();
  std::unique_ptr<dialling_socket> dial(const peer& partner, const std::string& endpoint);
  void run(const std::stop_token& stop);
  void wait();
  void take_from_listener(moment now);
  void take_from(line& at, moment now);
  void hear(line& at, const frame_texts& frames, moment now);
  void serve(line& at, moment now);
  void send_all(line& at);
  void deliver(line& at, moment now);
  bool deliver_one(const peer& from, const unprocessed_entry& entry, moment now);
  void tell(line& at);
  void publish();
  void turn_away(const std::vector<std::string>& keys, moment now);

  const own_identity& self_;
  peer_directory& peers_;
  stream_store& store_;
  settings how_;
  stream_writer writer_;
  zmq::context_t context_{1};
  key_gate gate_;
  std::unique_ptr<listening_socket> listener_;
  std::map<std::string, line, std::less<>> lines_; ///< by identity id
  int poke_ = -1;                                  ///< an eventfd
  std::chrono::steady_clock::time_point turned_away_{};
  mutable std::mutex mutex_;
  std::vector<partner_status> status_;
  std::jthread thread_;
};

} // namespace cresset::coord::federation
