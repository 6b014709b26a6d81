#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <thread>

namespace cresset::tests {

/// A server on a port of its own on loopback that talks to one client after the other, line by
/// line, as `talk` says.
class one_answer_server {
public:
  /// What a conversation may use: the next line without its end (empty at the end), so many bytes,
  /// and saying something.
  struct conversation {
    std::function<std::string()> line;
    std::function<std::string(std::size_t)> bytes;
    std::function<void(const std::string&)> say;
  };

  explicit one_answer_server(std::function<void(conversation&)> talk);
  ~one_answer_server();
  one_answer_server(const one_answer_server&) = delete;
  one_answer_server& operator=(const one_answer_server&) = delete;

  int port() const noexcept { return port_; }

private:
  void serve();

  std::function<void(conversation&)> talk_;
  int listening_ = -1;
  int port_ = 0;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

} // namespace cresset::tests
