#pragma once

#include "coord/federation/peer.hpp"

#include <zmq.hpp>

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cresset::coord::federation {

/// Frames of a message as they came, without what the transport put in front.
using frame_texts = std::vector<std::string>;

/// Answers libzmq's questions whether a CURVE key may come in (ZeroMQ RFC 27). It holds the one ZAP
/// address of its context, so a context has one of them; make it before any socket that it guards.
/// Not a thread: `answer()` is called from the poll loop.
class key_gate {
public:
  /// Names the partner of a key; nothing turns the key away.
  using lookup = std::function<std::optional<std::string>(std::span<const std::byte, 32>)>;

  key_gate(zmq::context_t& context, lookup who);
  /// Answers what is waiting. Gives the keys (Z85) that were turned away.
  std::vector<std::string> answer();
  zmq::socket_ref socket() noexcept { return socket_; }

private:
  lookup who_;
  zmq::socket_t socket_;
};

/// The ROUTER that partners dial. What it receives carries the partner's identity id as the key
/// gate named it; the routing id is the connection's, and proves nothing.
class listening_socket {
public:
  struct arrival {
    std::string routing_id;
    std::string partner;
    frame_texts frames;
  };

  /// Binds; throws zmq::error_t when it cannot.
  listening_socket(zmq::context_t& context, const transport_keys& own, const std::string& endpoint);
  /// What waits, or nothing. A message with too many frames is dropped whole.
  std::optional<arrival> receive();
  /// False when the connection is gone or its queue is full: the link sends again by itself.
  bool send(std::string_view routing_id, const frame_texts& frames);
  /// Where it is bound, with the port the system chose.
  std::string endpoint() const;
  zmq::socket_ref socket() noexcept { return socket_; }

private:
  zmq::socket_t socket_;
};

/// The DEALER that dials one partner, whose key it pins: nobody else can answer.
class dialling_socket {
public:
  enum class event { connected, refused, disconnected };

  /// Throws zmq::error_t for an endpoint that is none.
  dialling_socket(zmq::context_t& context, const transport_keys& own,
                  std::span<const std::byte, 32> partner_key, const std::string& endpoint);
  ~dialling_socket();
  dialling_socket(const dialling_socket&) = delete;
  dialling_socket& operator=(const dialling_socket&) = delete;

  std::optional<frame_texts> receive();
  bool send(const frame_texts& frames);
  /// What happened to the connection since the last call.
  std::optional<event> next_event();
  zmq::socket_ref socket() noexcept { return socket_; }
  zmq::socket_ref monitor() noexcept { return monitor_; }

private:
  zmq::socket_t socket_;
  zmq::socket_t monitor_;
};

} // namespace cresset::coord::federation
