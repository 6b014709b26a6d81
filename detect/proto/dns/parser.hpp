#pragma once

#include "detect/proto/dns/message.hpp"
#include "detect/proto/identify.hpp"
#include "detect/proto/stream_parser.hpp"
#include "detect/proto/transaction_list.hpp"

#include <array>
#include <memory>
#include <vector>

namespace cresset::detect::proto::dns {

/// Buffers and fields of DNS for rules.
extern const protocol_description description;

/// DNS over UDP (a message a call) and over TCP (RFC 1035 4.2.2: a length of two bytes in front of
/// each message). Every message becomes a transaction of its own that is done in both directions at
/// once.
class parser final : public stream_parser {
public:
  /// Most live transactions of one flow; while nobody releases any, further messages are counted
  /// and dropped.
  static constexpr std::size_t transaction_limit = 1024;

  explicit parser(transport over) noexcept : over_{over}, frames_{over == transport::udp} {}

  std::string_view protocol() const noexcept override { return "dns"; }
  parse_status bytes(direction way, byte_view bytes, timestamp at) override;
  parse_status gap(direction way, std::uint64_t size) override;
  void end(direction way) override;
  std::span<transaction* const> transactions() noexcept override { return live_.shown(); }
  void release(std::uint64_t number) noexcept override;
  frame_list* frames() noexcept override { return &frames_; }

  /// Messages refused because transaction_limit was reached.
  std::uint64_t refused() const noexcept { return refused_; }

private:
  /// What is retained of one direction of a TCP stream: at most one message and its length.
  struct half {
    std::vector<std::byte> open;
    bool lost_sync = false;
  };
  parse_status stream_bytes(direction way, byte_view bytes);
  parse_status one_message(direction way, byte_view bytes);
  void open_frame(direction way, std::ptrdiff_t at, std::size_t length);

  transport over_;
  frame_list frames_;
  byte_view given_; ///< of the call at hand
  std::array<half, 2> halves_;
  transaction_list<message> live_;
  std::uint64_t refused_ = 0;
};

} // namespace cresset::detect::proto::dns
