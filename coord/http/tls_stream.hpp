#pragma once

#include "coord/http/login.hpp"
#include "coord/http/push_hub.hpp"
#include "coord/http/request.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

namespace cresset::coord::http {

/// One TLS connection with a deadline that closes its socket: whatever waits on it then ends with
/// an error. For server.cpp and websocket.cpp only; owned by shared_ptr, lives on the network
/// thread.
class tls_stream : public std::enable_shared_from_this<tls_stream> {
public:
  using stream_type = boost::asio::ssl::stream<boost::asio::ip::tcp::socket>;

  tls_stream(boost::asio::ip::tcp::socket socket, boost::asio::ssl::context& context)
      : stream_{std::move(socket), context}, timer_{stream_.get_executor()} {}

  stream_type& stream() noexcept { return stream_; }
  /// Set behind the handshake.
  std::optional<peer_certificate> certificate;

  /// From now on the connection has so long; replaces the deadline before.
  void give(std::chrono::milliseconds time) {
    timer_.expires_after(time);
    // The handler of a deadline already past may be on its way when a new one is set: it finds
    // another number.
    timer_.async_wait(
        [weak = weak_from_this(), number = ++deadline_](boost::system::error_code stopped) {
          const auto self = weak.lock();
          if (stopped || !self || self->deadline_ != number)
            return;
          self->timed_out_ = true;
          self->close();
        });
  }
  void give_forever() {
    ++deadline_;
    timer_.cancel();
  }
  bool timed_out() const noexcept { return timed_out_; }
  void close() noexcept {
    boost::system::error_code ignored;
    stream_.lowest_layer().close(ignored);
  }

private:
  stream_type stream_;
  boost::asio::steady_timer timer_;
  std::uint64_t deadline_ = 0;
  bool timed_out_ = false;
};

/// What a WebSocket needs of the server.
struct notice_service {
  login& sessions;
  push_hub& pushes;
  /// Notices that may wait for one client.
  std::size_t queue_limit;
};

/// Answers the upgrade request `r` of a client who is signed in, and sends it notices until one
/// side ends. In websocket.cpp.
boost::asio::awaitable<void> serve_notices(std::shared_ptr<tls_stream> connection, const request& r,
                                           const notice_service& service);

} // namespace cresset::coord::http
