#pragma once

#include "capture/base/byte_order.hpp"
#include "capture/base/key_file.hpp"
#include "capture/base/wake_event.hpp"

#include <zmq.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace cresset::coord::ingest {

/// One message as it came in.
struct received_message {
  std::string routing_id; ///< names the connection while it stands; proves nothing
  std::string key_owner;  ///< the sensor that ZAP found for the connection's key
  zmq::message_t body;
};

/// The server's end of all sensors' connections: a ZeroMQ ROUTER with CURVE. Used by one thread.
class socket {
public:
  /// Binds. Throws std::runtime_error with one clear line when it cannot (port in use, wrong
  /// address).
  socket(zmq::context_t& context, const std::string& endpoint, const key_file& own);
  ~socket();
  socket(const socket&) = delete;
  socket& operator=(const socket&) = delete;

  /// The address it is bound to, with the port the system chose if the endpoint said `*`.
  const std::string& endpoint() const noexcept { return endpoint_; }

  /// The next message; nothing if there is none now. A message of more than one frame is thrown
  /// away and counted.
  std::optional<received_message> receive();
  /// False when the connection is gone or its queue is full: the sensor finds out by itself and
  /// connects anew.
  bool send(const std::string& routing_id, const std::vector<std::byte>& message);
  /// The address of somebody whose handshake broke off since the last call, other than for an
  /// unknown key.
  std::optional<std::string> broken_handshake();
  /// Waits until a message comes, the event is raised, or the time is over.
  void wait(const wake_event& wake, std::chrono::milliseconds limit);

private:
  zmq::socket_t router_;
  zmq::socket_t monitor_;
  std::string endpoint_;
};

} // namespace cresset::coord::ingest
