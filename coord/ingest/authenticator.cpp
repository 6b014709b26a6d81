// ZAP 1.0 over CURVE. Request frames: version, request id, domain, address, routing id, mechanism,
// client's public key. Reply frames: version, request id, status code, status text, user id,
// metadata. libzmq attaches the user id to every message of the connection as "User-Id": that name
// is proven, all a sensor says of itself is not.
#include "coord/ingest/authenticator.hpp"

#include "capture/base/log.hpp"
#include "capture/base/z85.hpp"

#include <algorithm>

namespace cresset::coord::ingest {
namespace {

constexpr std::size_t request_frames = 7;
constexpr std::size_t frame_limit_bytes = 1024;

std::string hex(byte_view bytes) {
  std::string text;
  for (const auto byte : bytes)
    text += fmt::format("{:02x}", std::to_integer<unsigned>(byte));
  return text;
}

std::vector<std::string> reply(const std::string& request_id, const char* code, const char* text,
                               std::string user) {
  return {"1.0", request_id, code, text, std::move(user), ""};
}

} // namespace

std::optional<std::vector<std::string>> answer_zap(std::span<const std::string> request,
                                                   sensor_registry& sensors) {
  if (request.size() < 6 || request[0] != "1.0")
    return std::nullopt;
  const auto& id = request[1];
  if (request[2] != authenticator::domain || request[5] != "CURVE" ||
      request.size() != request_frames || request[6].size() != curve_public_key{}.size())
    return reply(id, "400", "only CURVE is accepted here", "");
  curve_public_key key{};
  std::ranges::copy(as_bytes(request[6]), key.begin());
  if (const auto sensor = sensors.find(key))
    return reply(id, "200", "OK", sensor->name);
  if (sensors.note_refused(key, request[3]))
    log(log_level::warning, "ingest",
        "refused key {} (public: {}) from {}: no sensor is registered with it; register it if it "
        "is yours",
        to_z85(key), hex(key), request[3]);
  return reply(id, "400", "this key is not registered", "");
}

authenticator::authenticator(zmq::context_t& context, sensor_registry& sensors)
    : sensors_{sensors}, socket_{context, zmq::socket_type::rep} {
  // an answer that has not left when the server stops is for a handshake that dies with it
  socket_.set(zmq::sockopt::linger, 0);
  socket_.bind("inproc://zeromq.zap.01");
  thread_ = std::thread{[this] { run(); }};
}

authenticator::~authenticator() {
  stop_asked_.raise();
  thread_.join();
}

void authenticator::run() {
  for (;;) {
    std::array items{zmq::pollitem_t{socket_.handle(), 0, ZMQ_POLLIN, 0},
                     zmq::pollitem_t{nullptr, stop_asked_.descriptor(), ZMQ_POLLIN, 0}};
    (void)zmq_poll(items.data(), static_cast<int>(items.size()), -1);
    if ((items[1].revents & ZMQ_POLLIN) != 0)
      return;
    if ((items[0].revents & ZMQ_POLLIN) != 0)
      serve_one();
  }
}

void authenticator::serve_one() {
  std::vector<std::string> request;
  zmq::message_t frame;
  do {
    if (!socket_.recv(frame, zmq::recv_flags::dontwait))
      return;
    if (request.size() <= request_frames)
      request.push_back(frame.to_string().substr(0, frame_limit_bytes));
  } while (frame.more());
  auto answer = answer_zap(request, sensors_);
  if (!answer) // no request of ours: a REP socket must answer all the same
    answer = reply(request.size() > 1 ? request[1] : "", "500", "not understood", "");
  ((*answer)[2] == "200" ? accepted_ : refused_).add();
  for (std::size_t i = 0; i < answer->size(); ++i)
    (void)socket_.send(zmq::const_buffer{(*answer)[i].data(), (*answer)[i].size()},
                       i + 1 < answer->size() ? zmq::send_flags::sndmore : zmq::send_flags::none);
}

} // namespace cresset::coord::ingest
