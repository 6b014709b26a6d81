#include "detect/uplink/link.hpp"

#include <cstring>

namespace cresset::detect::uplink {
namespace {

constexpr int largest_answer_bytes = 1 << 20; // the server's messages are small
constexpr int watched_events = ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH |
                               ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL |
                               ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL | ZMQ_EVENT_DISCONNECTED |
                               ZMQ_EVENT_CLOSED | ZMQ_EVENT_CONNECT_RETRIED;

zmq::const_buffer key_bytes(const std::vector<std::byte>& key) {
  return {key.data(), key.size()};
}

std::optional<link_event> meaning(std::uint16_t event) {
  switch (event) {
  case ZMQ_EVENT_HANDSHAKE_SUCCEEDED: return link_event::up;
  case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH: return link_event::refused;
  case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL:
  case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL: return link_event::no_handshake;
  case ZMQ_EVENT_DISCONNECTED:
  case ZMQ_EVENT_CLOSED:
  case ZMQ_EVENT_CONNECT_RETRIED: return link_event::closed;
  default: return std::nullopt;
  }
}

} // namespace

link::link(zmq::context_t& context, const link_options& options)
    : dealer_{context, zmq::socket_type::dealer}, monitor_{context, zmq::socket_type::pair} {
  // Whatever the server has not confirmed is in the spool: nothing needs to linger in the socket.
  dealer_.set(zmq::sockopt::linger, 0);
  monitor_.set(zmq::sockopt::linger, 0);
  dealer_.set(zmq::sockopt::reconnect_ivl, -1);
  dealer_.set(zmq::sockopt::maxmsgsize, std::int64_t{largest_answer_bytes});
  dealer_.set(zmq::sockopt::handshake_ivl, static_cast<int>(options.handshake_within.count()));
  dealer_.set(zmq::sockopt::curve_serverkey, key_bytes(options.server.public_key));
  dealer_.set(zmq::sockopt::curve_publickey, key_bytes(options.own.public_key));
  dealer_.set(zmq::sockopt::curve_secretkey, key_bytes(options.own.secret_key));
  const std::string watched =
      "inproc://link-monitor-" + std::to_string(reinterpret_cast<std::uintptr_t>(dealer_.handle()));
  if (zmq_socket_monitor(dealer_.handle(), watched.c_str(), watched_events) != 0)
    throw zmq::error_t{};
  monitor_.connect(watched);
  dealer_.connect(options.endpoint);
}

link::~link() {
  // The monitor must end before the socket that reads it: libzmq's own thread waits for ever on an
  // event that nobody can receive, and with it every other connection of the context.
  zmq_socket_monitor(dealer_.handle(), nullptr, 0);
}

std::optional<link_event> link::event() {
  zmq::message_t head;
  zmq::message_t address;
  while (monitor_.recv(head, zmq::recv_flags::dontwait)) {
    if (head.more())
      (void)monitor_.recv(address, zmq::recv_flags::none);
    std::uint16_t number = 0; // host order: the monitor speaks within the process
    if (head.size() < sizeof number)
      continue;
    std::memcpy(&number, head.data(), sizeof number);
    if (const auto event = meaning(number))
      return event;
  }
  return std::nullopt;
}

bool link::send(const std::vector<std::byte>& message) {
  return dealer_.send(zmq::const_buffer{message.data(), message.size()}, zmq::send_flags::dontwait)
      .has_value();
}

std::optional<zmq::message_t> link::receive() {
  zmq::message_t message;
  if (!dealer_.recv(message, zmq::recv_flags::dontwait))
    return std::nullopt;
  // one frame a message: what follows in a multipart message is nothing of ours
  zmq::message_t surplus;
  while (dealer_.get(zmq::sockopt::rcvmore) != 0)
    (void)dealer_.recv(surplus, zmq::recv_flags::none);
  return message;
}

void link::wait(const wake_event& wake, std::chrono::milliseconds limit) {
  std::array items{zmq::pollitem_t{dealer_.handle(), 0, ZMQ_POLLIN, 0},
                   zmq::pollitem_t{monitor_.handle(), 0, ZMQ_POLLIN, 0},
                   zmq::pollitem_t{nullptr, wake.descriptor(), ZMQ_POLLIN, 0}};
  // interrupted by a signal: the caller looks around and waits again
  (void)zmq_poll(items.data(), static_cast<int>(items.size()), static_cast<long>(limit.count()));
}

} // namespace cresset::detect::uplink
