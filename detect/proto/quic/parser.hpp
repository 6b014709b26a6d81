#pragma once

#include "detect/proto/quic/crypto_stream.hpp"
#include "detect/proto/quic/initial_keys.hpp"
#include "detect/proto/quic/message.hpp"
#include "detect/proto/quic/packet.hpp"
#include "detect/proto/stream_parser.hpp"
#include "detect/proto/transaction_list.hpp"

#include <array>

namespace cresset::detect::proto::quic {

/// Buffers of QUIC for rules.
extern const protocol_description description;

/// QUIC (RFC 9000, 9001, 9369; drafts from 23 on) up to its hellos, and Google's QUIC up to its
/// CHLO: what is not hidden from who sees a connection from its begin. Each hello is a transaction.
class parser final : public stream_parser {
public:
  static constexpr std::size_t transaction_limit = 32;
  static constexpr std::size_t packets_limit = 8;   ///< of one datagram
  static constexpr std::size_t attempts_limit = 16; ///< datagrams of one direction without a hello

  explicit parser(bool logs_ja4) noexcept : logs_ja4_{logs_ja4} {}

  std::string_view protocol() const noexcept override { return "quic"; }
  parse_status bytes(direction way, byte_view bytes, timestamp at) override;
  parse_status gap(direction, std::uint64_t) override { return parse_status::consumed; }
  void end(direction) override {}
  std::span<transaction* const> transactions() noexcept override { return live_.shown(); }
  void release(std::uint64_t number) noexcept override { live_.take(number); }

private:
  struct half {
    std::optional<initial_keys> keys;
    crypto_stream crypto;
    std::size_t attempts = 0;
    bool has_hello = false;
    bool is_named = false; ///< a transaction tells the version of what nobody can open
  };

  void on_initial(direction way, const long_packet& packet);
  std::optional<std::vector<std::byte>> open(direction way, const long_packet& packet);
  void on_hello(direction way, std::uint32_t version);
  void on_hidden(direction way, std::uint32_t version, std::string_view event);
  message* make(direction way, std::uint32_t version);

  std::array<half, 2> halves_;
  transaction_list<message> live_;
  bool logs_ja4_;
};

} // namespace cresset::detect::proto::quic
