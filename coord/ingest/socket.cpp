#include "coord/ingest/socket.hpp"

#include "coord/ingest/authenticator.hpp"
#include "detect/alert/uplink_message.hpp"

#include <fmt/format.h>

#include <cstring>
#include <stdexcept>

namespace cresset::coord::ingest {
namespace {

constexpr int handshake_within_ms = 5000;
constexpr int linger_ms = 200; // for the byes of a server that stops; everything else is said again
constexpr int receive_limit =
    16; // messages a connection: with their largest size, what a hostile sensor can make us hold
constexpr int send_limit = 256; // answers are small

} // namespace

socket::socket(zmq::context_t& context, const std::string& endpoint, const key_file& own)
    : router_{context, zmq::socket_type::router}, monitor_{context, zmq::socket_type::pair} {
  monitor_.set(zmq::sockopt::linger, 0);
  router_.set(zmq::sockopt::linger, linger_ms);
  router_.set(zmq::sockopt::rcvhwm, receive_limit);
  router_.set(zmq::sockopt::sndhwm, send_limit);
  router_.set(zmq::sockopt::router_mandatory, true);
  router_.set(zmq::sockopt::maxmsgsize,
              static_cast<std::int64_t>(detect::alert::uplink_message_limit_bytes));
  router_.set(zmq::sockopt::handshake_ivl, handshake_within_ms);
  router_.set(zmq::sockopt::zap_domain, authenticator::domain);
  router_.set(zmq::sockopt::curve_server, true);
  router_.set(zmq::sockopt::curve_secretkey,
              zmq::const_buffer{own.secret_key.data(), own.secret_key.size()});
  const std::string watched = "inproc://socket-monitor-" +
                              std::to_string(reinterpret_cast<std::uintptr_t>(router_.handle()));
  if (zmq_socket_monitor(router_.handle(), watched.c_str(),
                         ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL |
                             ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL) == 0)
    monitor_.connect(watched);
  try {
    router_.bind(endpoint);
  } catch (const zmq::error_t& error) {
    zmq_socket_monitor(router_.handle(), nullptr, 0); // no destructor will do it
    throw std::runtime_error{
        fmt::format("ingest: cannot listen on {}: {}; stop what holds it or set ingest.listen",
                    endpoint, error.what())};
  }
  endpoint_ = router_.get(zmq::sockopt::last_endpoint);
}

socket::~socket() {
  // before the socket that reads it is gone: else libzmq's own thread waits for ever on an event
  zmq_socket_monitor(router_.handle(), nullptr, 0);
}

std::optional<received_message> socket::receive() {
  for (;;) {
    zmq::message_t routing_id;
    received_message message;
    if (!router_.recv(routing_id, zmq::recv_flags::dontwait))
      return std::nullopt;
    if (!routing_id.more() || !router_.recv(message.body, zmq::recv_flags::dontwait))
      continue;
    if (message.body.more()) { // nobody who speaks this protocol sends more frames
      zmq::message_t surplus;
      while (router_.get(zmq::sockopt::rcvmore) != 0)
        (void)router_.recv(surplus, zmq::recv_flags::none);
      message.body.rebuild(); // empty is malformed: the handler knows what to do with it
    } else if (const char* name = zmq_msg_gets(message.body.handle(), "User-Id")) {
      message.key_owner = name;
    }
    message.routing_id = routing_id.to_string();
    return message;
  }
}

bool socket::send(const std::string& routing_id, const std::vector<std::byte>& message) {
  try {
    return router_.send(zmq::const_buffer{routing_id.data(), routing_id.size()},
                        zmq::send_flags::sndmore | zmq::send_flags::dontwait) &&
           router_.send(zmq::const_buffer{message.data(), message.size()},
                        zmq::send_flags::dontwait);
  } catch (const zmq::error_t&) { // EHOSTUNREACH: the connection is gone
    return false;
  }
}

std::optional<std::string> socket::broken_handshake() {
  zmq::message_t event;
  zmq::message_t address;
  if (!monitor_.recv(event, zmq::recv_flags::dontwait) || !event.more() ||
      !monitor_.recv(address, zmq::recv_flags::none))
    return std::nullopt;
  return address.to_string();
}

void socket::wait(const wake_event& wake, std::chrono::milliseconds limit) {
  std::array items{zmq::pollitem_t{router_.handle(), 0, ZMQ_POLLIN, 0},
                   zmq::pollitem_t{monitor_.handle(), 0, ZMQ_POLLIN, 0},
                   zmq::pollitem_t{nullptr, wake.descriptor(), ZMQ_POLLIN, 0}};
  (void)zmq_poll(items.data(), static_cast<int>(items.size()), static_cast<long>(limit.count()));
}

} // namespace cresset::coord::ingest
