#pragma once

#include "coord/http/certificate.hpp"
#include "coord/http/login.hpp"
#include "coord/http/push_hub.hpp"
#include "coord/http/router.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace cresset::coord::http {

struct server_limits {
  std::size_t connections = 1024;
  std::size_t connections_a_peer = 128;
  /// Requests whose handler runs or waits for a thread; more are answered with 503.
  std::size_t requests_in_flight = 128;
  std::size_t handler_threads = 4;
  std::size_t header_bytes = 16 * 1024;
  std::size_t body_bytes = 1024 * 1024;
  std::size_t requests_a_connection = 10'000;
  std::chrono::milliseconds handshake{10'000};
  /// From the first byte a client may send (or the last answer) to the end of the request's header
  /// and body.
  std::chrono::milliseconds idle{60'000};
  std::chrono::milliseconds header{10'000};
  std::chrono::milliseconds body{30'000};
  std::chrono::milliseconds write{30'000};
  /// Notices waiting for one WebSocket client.
  std::size_t push_queue = 64;
};

struct server_config {
  /// An address of this machine, not a name.
  std::string address = "127.0.0.1";
  /// 0 takes any free port; `server::port()` tells which.
  std::uint16_t port = 8443;
  certificate_files tls;
  /// Whose certificates clients may show, PEM; empty: none is asked for.
  std::filesystem::path client_authority;
  bool is_client_certificate_required = false;
  /// Where clients open the WebSocket of change notices; GET with a session only.
  std::string push_path = "/api/v1/events";
  server_limits limits;
};

struct server_counters {
  std::uint64_t connections_open = 0, connections_accepted = 0, connections_refused = 0,
                handshakes_failed = 0, requests = 0, requests_in_flight = 0,
                requests_overloaded = 0, malformed = 0, timed_out = 0, answers_2xx = 0,
                answers_3xx = 0, answers_4xx = 0, answers_5xx = 0;
};

/// The HTTPS server: TLS 1.2 or later always, HTTP/1.1, WebSocket for notices. One thread does the
/// network, a few call the handlers. It listens when constructed and answers between `start` and
/// `stop`.
class server {
public:
  /// `routes`, `sessions` and `pushes` outlive the server; `routes` is complete. Throws
  /// std::runtime_error with one clear line: address in use, not an address of this machine,
  /// certificate or key unreadable or not belonging together.
  server(server_config config, const router& routes, login& sessions, push_hub& pushes);
  /// Stops, if it runs.
  ~server();
  server(const server&) = delete;
  server& operator=(const server&) = delete;

  std::uint16_t port() const noexcept;
  /// "https://127.0.0.1:8443".
  std::string url() const;

  void start();
  /// Ends open connections, waits for handlers that run; afterwards nothing calls `routes` any
  /// more.
  void stop();

  server_counters counters() const;

private:
  class core;
  std::unique_ptr<core> core_;
};

} // namespace cresset::coord::http
