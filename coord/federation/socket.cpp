// The only file of the room that speaks ZeroMQ. Limits are set on purpose: what a peer can make us
// hold is bounded by the size of a frame and the high-water marks; a connection that dies silently
// shows by heartbeats; a message for a peer that is gone is an error (ROUTER_MANDATORY), not a
// silence; a dialler queues nothing while it is not connected (IMMEDIATE).
#include "coord/federation/socket.hpp"

#include "capture/base/z85.hpp"
#include "coord/federation/message.hpp"

#include <cstring>

namespace cresset::coord::federation {
namespace {

constexpr int queue_limit_messages = 512;
constexpr std::int64_t frame_limit_bytes =
    static_cast<std::int64_t>(signed_::object_limit_body_bytes) + 1024;
constexpr const char* zap_address = "inproc://zeromq.zap.01";

void bound(zmq::socket_t& socket) {
  using namespace zmq::sockopt;
  socket.set(linger, 300);
  socket.set(sndhwm, queue_limit_messages);
  socket.set(rcvhwm, queue_limit_messages);
  socket.set(maxmsgsize, frame_limit_bytes);
  socket.set(heartbeat_ivl, 5'000);
  socket.set(heartbeat_timeout, 15'000);
  socket.set(handshake_ivl, 10'000);
}

/// All frames of one message; nothing when none waits. Frames beyond `limit` are read and dropped,
/// and the message with them.
std::optional<std::vector<zmq::message_t>> take(zmq::socket_t& socket, std::size_t limit) {
  std::vector<zmq::message_t> frames;
  bool is_too_long = false;
  for (bool more = true; more;) {
    zmq::message_t frame;
    if (!socket.recv(frame, zmq::recv_flags::dontwait))
      return std::nullopt;
    more = frame.more();
    if (frames.size() < limit)
      frames.push_back(std::move(frame));
    else
      is_too_long = true;
  }
  if (is_too_long)
    frames.clear();
  return frames;
}

bool put(zmq::socket_t& socket, std::string_view frame, bool more) {
  const auto flags =
      more ? zmq::send_flags::dontwait | zmq::send_flags::sndmore : zmq::send_flags::dontwait;
  return socket.send(zmq::buffer(frame), flags).has_value();
}

bool put_all(zmq::socket_t& socket, const frame_texts& frames) {
  for (std::size_t i = 0; i < frames.size(); ++i)
    if (!put(socket, frames[i], i + 1 < frames.size()))
      return false;
  return true;
}

frame_texts texts(std::span<const zmq::message_t> frames) {
  frame_texts made;
  for (const auto& frame : frames)
    made.emplace_back(frame.to_string_view());
  return made;
}

} // namespace

key_gate::key_gate(zmq::context_t& context, lookup who)
    : who_{std::move(who)}, socket_{context, zmq::socket_type::rep} {
  socket_.set(zmq::sockopt::linger, 0);
  socket_.bind(zap_address);
}

std::vector<std::string> key_gate::answer() {
  std::vector<std::string> turned_away;
  // version, request id, domain, address, identity, mechanism, credentials
  while (auto frames = take(socket_, 7)) {
    const bool is_whole = frames->size() == 7;
    const auto text = [&](std::size_t i) {
      return is_whole ? (*frames)[i].to_string() : std::string{};
    };
    std::optional<std::string> partner;
    if (is_whole && text(0) == "1.0" && text(5) == "CURVE" && (*frames)[6].size() == 32) {
      const auto* key = static_cast<const std::byte*>((*frames)[6].data());
      partner = who_(std::span<const std::byte, 32>{key, 32});
      if (!partner)
        turned_away.push_back(to_z85({key, 32}));
    }
    put_all(socket_, {"1.0", text(1), partner ? "200" : "400", partner ? "OK" : "key not pinned",
                      partner.value_or(""), ""});
  }
  return turned_away;
}

listening_socket::listening_socket(zmq::context_t& context, const transport_keys& own,
                                   const std::string& endpoint)
    : socket_{context, zmq::socket_type::router} {
  bound(socket_);
  socket_.set(zmq::sockopt::router_mandatory, true);
  socket_.set(zmq::sockopt::curve_server, true);
  socket_.set(zmq::sockopt::curve_secretkey, to_z85(own.secret_half));
  socket_.set(zmq::sockopt::zap_domain, "cresset-federation");
  socket_.bind(endpoint);
}

std::optional<listening_socket::arrival> listening_socket::receive() {
  auto frames = take(socket_, 1 + message_limit_frames);
  if (!frames)
    return std::nullopt;
  if (frames->size() < 2)
    return arrival{};
  const char* partner = "";
  try {
    partner = frames->back().gets("User-Id");
  } catch (const zmq::error_t&) {
    return arrival{}; // a frame without the gate's word does not exist on a CURVE socket; treat it
                      // as nobody's
  }
  return arrival{frames->front().to_string(), partner, texts(std::span{*frames}.subspan(1))};
}

bool listening_socket::send(std::string_view routing_id, const frame_texts& frames) {
  try {
    return put(socket_, routing_id, true) && put_all(socket_, frames);
  } catch (const zmq::error_t&) {
    return false; // the connection is gone
  }
}

std::string listening_socket::endpoint() const {
  return socket_.get(zmq::sockopt::last_endpoint);
}

dialling_socket::dialling_socket(zmq::context_t& context, const transport_keys& own,
                                 std::span<const std::byte, 32> partner_key,
                                 const std::string& endpoint)
    : socket_{context, zmq::socket_type::dealer}, monitor_{context, zmq::socket_type::pair} {
  bound(socket_);
  socket_.set(zmq::sockopt::immediate, true);
  socket_.set(zmq::sockopt::reconnect_ivl, 200);
  socket_.set(zmq::sockopt::reconnect_ivl_max, 5'000);
  socket_.set(zmq::sockopt::curve_serverkey, to_z85(partner_key));
  socket_.set(zmq::sockopt::curve_publickey, to_z85(own.public_half));
  socket_.set(zmq::sockopt::curve_secretkey, to_z85(own.secret_half));
  // The address is inside the process alone and unique by the socket it watches.
  const auto address =
      "inproc://monitor-" + std::to_string(reinterpret_cast<std::uintptr_t>(socket_.handle()));
  const int events = ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH |
                     ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_DISCONNECTED;
  if (zmq_socket_monitor(socket_.handle(), address.c_str(), events) != 0)
    throw zmq::error_t{};
  monitor_.set(zmq::sockopt::linger, 0);
  monitor_.connect(address);
  try {
    socket_.connect(endpoint);
  } catch (const zmq::error_t&) {
    zmq_socket_monitor(socket_.handle(), nullptr, 0); // no destructor will do it
    throw;
  }
}

dialling_socket::~dialling_socket() {
  // Before the socket that reads it is gone: else libzmq's own thread waits for ever on an event.
  zmq_socket_monitor(socket_.handle(), nullptr, 0);
}

std::optional<frame_texts> dialling_socket::receive() {
  auto frames = take(socket_, message_limit_frames);
  if (!frames)
    return std::nullopt;
  return texts(*frames);
}

bool dialling_socket::send(const frame_texts& frames) {
  return put_all(socket_, frames);
}

std::optional<dialling_socket::event> dialling_socket::next_event() {
  while (auto frames = take(monitor_, 2)) {
    if (frames->empty() || frames->front().size() < sizeof(std::uint16_t))
      continue;
    std::uint16_t kind = 0;
    std::memcpy(&kind, frames->front().data(), sizeof kind);
    switch (kind) {
    case ZMQ_EVENT_HANDSHAKE_SUCCEEDED: return event::connected;
    case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH:
    case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL: return event::refused;
    default: return event::disconnected;
    }
  }
  return std::nullopt;
}

} // namespace cresset::coord::federation
