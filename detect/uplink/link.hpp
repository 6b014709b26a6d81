#pragma once

#include "capture/base/byte_order.hpp"
#include "capture/base/key_file.hpp"
#include "capture/base/wake_event.hpp"

#include <zmq.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cresset::detect::uplink {

struct link_options {
  std::string endpoint; ///< "tcp://192.0.2.1:7431"
  key_file own;         ///< with the secret
  key_file server;
  std::chrono::milliseconds handshake_within{5000};
};

/// What became of the connection.
enum class link_event : std::uint8_t {
  up,           ///< the handshake is done: who answers holds the server's secret key
  refused,      ///< the server does not know our key
  no_handshake, ///< closed before the handshake was done: no Cresset server, or not the one whose
                ///< key we hold
  closed,       ///< no connection, or not any more
};

/// One attempt to reach the server: a ZeroMQ DEALER with CURVE and its monitor. It never reconnects
/// by itself: a new connection is a new link, so that nothing of an old session lies in a queue.
/// Used by one thread.
class link {
public:
  /// Begins to connect. Throws zmq::error_t when the endpoint's text is wrong.
  link(zmq::context_t& context, const link_options& options);
  ~link();
  link(const link&) = delete;
  link& operator=(const link&) = delete;

  /// What happened since the last call, oldest first; nothing if nothing did.
  std::optional<link_event> event();
  /// False when the message could not be queued, which a window of a few batches never causes.
  bool send(const std::vector<std::byte>& message);
  std::optional<zmq::message_t> receive();
  /// Waits until something happens on the link, the event is raised, or the time is over.
  void wait(const wake_event& wake, std::chrono::milliseconds limit);

private:
  zmq::socket_t dealer_;
  zmq::socket_t monitor_;
};

} // namespace cresset::detect::uplink
