#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace cresset::coord::http {

/// One client that wants to be told of changes; implemented by the WebSocket session and by tests.
class push_client {
public:
  virtual ~push_client() = default;
  /// Takes a notice in or says that the client is too slow for it. Called from any thread; must not
  /// block.
  virtual bool offer(std::shared_ptr<const std::string> notice) = 0;
  /// Ends the connection soon, with a reason the client may show. Called from any thread; must not
  /// block.
  virtual void close(std::string_view reason) = 0;
};

struct push_counters {
  std::uint64_t clients = 0, notices = 0, slow_dropped = 0, refused = 0;
};

/// Hands change notices to every client that listens. A client that cannot keep up is dropped and
/// counted: it connects again and asks for the state anew, so nothing stale stays on a screen.
/// Thread safe.
class push_hub {
public:
  explicit push_hub(std::size_t client_limit = 256) : client_limit_{client_limit} {}

  /// A number for `leave`, or nothing (0) when there are `client_limit` clients already. `client`
  /// is kept until then.
  std::uint64_t join(std::shared_ptr<push_client> client, std::uint64_t session);
  void leave(std::uint64_t number);

  /// `notice` is one JSON text.
  void publish(std::string notice);
  /// Closes the clients of a session that ended.
  void close_session(std::uint64_t session);
  /// Closes all of them; none can join after that.
  void close_all();

  push_counters counters() const;

private:
  struct member {
    std::shared_ptr<push_client> client;
    std::uint64_t session = 0;
  };

  mutable std::mutex mutex_;
  std::map<std::uint64_t, member> members_;
  std::size_t client_limit_;
  std::uint64_t next_ = 1;
  bool closed_ = false;
  push_counters counters_;
};

} // namespace cresset::coord::http
