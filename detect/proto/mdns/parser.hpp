#pragma once

#include "detect/proto/dns/message.hpp"
#include "detect/proto/stream_parser.hpp"
#include "detect/proto/transaction_list.hpp"

namespace cresset::detect::proto::mdns {

/// Buffers and fields of multicast DNS for rules.
extern const protocol_description description;

/// Multicast DNS over UDP: a message a call.
class parser final : public stream_parser {
public:
  static constexpr std::size_t transaction_limit = 256;

  std::string_view protocol() const noexcept override { return "mdns"; }
  parse_status bytes(direction way, byte_view bytes, timestamp at) override;
  parse_status gap(direction, std::uint64_t) override { return parse_status::resynchronised; }
  void end(direction) override {}
  std::span<transaction* const> transactions() noexcept override { return live_.shown(); }
  void release(std::uint64_t number) noexcept override { live_.take(number); }

  /// Messages dropped because transaction_limit was reached.
  std::uint64_t refused() const noexcept { return refused_; }

private:
  transaction_list<dns::message> live_;
  std::uint64_t refused_ = 0;
};

} // namespace cresset::detect::proto::mdns
