#include "tests/support/one_answer_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace cresset::tests {
namespace {

constexpr int wait_ms = 20'000;

struct connection {
  int socket;
  std::string read;

  bool more() {
    pollfd ready{socket, POLLIN, 0};
    char bytes[4096];
    if (::poll(&ready, 1, wait_ms) <= 0)
      return false;
    const auto count = ::recv(socket, bytes, sizeof bytes, 0);
    if (count <= 0)
      return false;
    read.append(bytes, static_cast<std::size_t>(count));
    return true;
  }
  std::string line() {
    for (;;) {
      if (const auto end = read.find("\r\n"); end != std::string::npos) {
        auto text = read.substr(0, end);
        read.erase(0, end + 2);
        return text;
      }
      if (!more())
        return {};
    }
  }
  std::string bytes(std::size_t count) {
    while (read.size() < count && more()) {
    }
    auto text = read.substr(0, count);
    read.erase(0, text.size());
    return text;
  }
};

} // namespace

one_answer_server::one_answer_server(std::function<void(conversation&)> talk)
    : talk_{std::move(talk)}, listening_{::socket(AF_INET, SOCK_STREAM, 0)} {
  sockaddr_in here{};
  here.sin_family = AF_INET;
  here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof here;
  if (::bind(listening_, reinterpret_cast<sockaddr*>(&here), size) != 0 ||
      ::listen(listening_, 4) != 0 ||
      ::getsockname(listening_, reinterpret_cast<sockaddr*>(&here), &size) != 0)
    throw std::runtime_error{"no port on loopback"};
  port_ = ntohs(here.sin_port);
  thread_ = std::thread{[this] { serve(); }};
}

one_answer_server::~one_answer_server() {
  stopping_ = true;
  ::shutdown(listening_, SHUT_RDWR);
  thread_.join();
  ::close(listening_);
}

void one_answer_server::serve() {
  while (!stopping_) {
    connection peer{::accept(listening_, nullptr, nullptr), {}};
    if (peer.socket < 0)
      return;
    conversation with{[&] { return peer.line(); },
                      [&](std::size_t count) { return peer.bytes(count); },
                      [&](const std::string& text) {
                        (void)::send(peer.socket, text.data(), text.size(), MSG_NOSIGNAL);
                      }};
    talk_(with);
    ::close(peer.socket);
  }
}

} // namespace cresset::tests
