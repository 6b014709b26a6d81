#pragma once

#include <openssl/bio.h>
#include <openssl/ssl.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>

#include <sys/socket.h>
#include <sys/time.h>

namespace cresset::coord::http {

/// A blocking TLS client on loopback for tests; nothing waits longer than ten seconds.
class tls_client {
public:
  explicit tls_client(std::uint16_t port)
      : context_{SSL_CTX_new(TLS_client_method()), SSL_CTX_free} {
    bio_.reset(BIO_new_ssl_connect(context_.get()));
    BIO_set_conn_hostname(bio_.get(), ("127.0.0.1:" + std::to_string(port)).c_str());
    if (BIO_do_connect(bio_.get()) <= 0 || BIO_do_handshake(bio_.get()) <= 0)
      throw std::runtime_error{"no TLS connection"};
    const timeval limit{10, 0};
    ::setsockopt(static_cast<int>(BIO_get_fd(bio_.get(), nullptr)), SOL_SOCKET, SO_RCVTIMEO, &limit,
                 sizeof limit);
  }

  void send(const std::string& text) {
    BIO_write(bio_.get(), text.data(), static_cast<int>(text.size()));
  }

  /// What comes until `end` was read, or until the server closes.
  std::string read_until(const std::string& end) {
    while (received_.find(end) == std::string::npos && more()) {
    }
    const auto at = received_.find(end);
    return take(at == std::string::npos ? received_.size() : at + end.size());
  }
  std::string read_bytes(std::size_t size) {
    while (received_.size() < size && more()) {
    }
    return take(std::min(size, received_.size()));
  }
  /// One answer with a Content-Length, or without a body.
  std::string read_answer() {
    auto head = read_until("\r\n\r\n");
    const auto at = head.find("Content-Length: ");
    return at == std::string::npos ? head : head + read_bytes(std::stoul(head.substr(at + 16)));
  }
  std::string ask(const std::string& text) {
    send(text);
    return read_answer();
  }
  /// Everything until the server closes.
  std::string read_all() {
    while (more()) {
    }
    return take(received_.size());
  }

private:
  bool more() {
    char buffer[4096];
    const int size = BIO_read(bio_.get(), buffer, sizeof buffer);
    if (size > 0)
      received_.append(buffer, static_cast<std::size_t>(size));
    return size > 0;
  }
  std::string take(std::size_t size) {
    auto taken = received_.substr(0, size);
    received_.erase(0, size);
    return taken;
  }

  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
  std::unique_ptr<BIO, decltype(&BIO_free_all)> bio_{nullptr, BIO_free_all};
  std::string received_;
};

} // namespace cresset::coord::http
