#pragma once

#include "capture/base/counter.hpp"
#include "capture/base/wake_event.hpp"
#include "coord/ingest/sensor_registry.hpp"

#include <zmq.hpp>

#include <atomic>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

namespace cresset::coord::ingest {

/// Answers one request of ZAP (ZeroMQ RFC 27): a known CURVE key is accepted under its sensor's
/// name, everything else refused. Nothing when the frames are no request of ZAP 1.0.
std::optional<std::vector<std::string>> answer_zap(std::span<const std::string> request,
                                                   sensor_registry& sensors);

/// The thread that libzmq asks, once a handshake, who may connect. It must exist before the socket
/// is bound and outlive it. Were it missing, libzmq would let everybody in without a name, and the
/// handler refuses messages without one.
class authenticator {
public:
  /// The domain of sockets it answers for.
  static constexpr const char* domain = "cresset-sensors";

  /// Throws zmq::error_t when the context has an authenticator already.
  authenticator(zmq::context_t& context, sensor_registry& sensors);
  ~authenticator();
  authenticator(const authenticator&) = delete;
  authenticator& operator=(const authenticator&) = delete;

  std::uint64_t accepted() const noexcept { return accepted_.value(); }
  std::uint64_t refused() const noexcept { return refused_.value(); }

private:
  void run();
  void serve_one();

  sensor_registry& sensors_;
  zmq::socket_t socket_; // made and bound by the maker, then used by the thread alone
  wake_event stop_asked_;
  counter accepted_;
  counter refused_;
  std::thread thread_;
};

} // namespace cresset::coord::ingest
