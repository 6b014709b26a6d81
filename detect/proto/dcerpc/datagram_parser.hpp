#pragma once

#include "detect/proto/dcerpc/exchange.hpp"
#include "detect/proto/dcerpc/settings.hpp"
#include "detect/proto/stream_parser.hpp"
#include "detect/proto/transaction_list.hpp"

namespace cresset::detect::proto::dcerpc {

/// DCE/RPC over UDP (C706 chapter 10): each datagram a fragment with its activity and sequence
/// number. A call is a transaction; what only keeps it going (PING, ACK, WORKING, …) is none.
/// Fragments count in the order in which they come.
class datagram_parser final : public stream_parser {
public:
  explicit datagram_parser(const settings& wanted) noexcept : settings_{wanted} {}

  std::string_view protocol() const noexcept override { return "dcerpc"; }
  parse_status bytes(direction way, byte_view bytes, timestamp at) override;
  parse_status gap(direction, std::uint64_t) override { return parse_status::resynchronised; }
  void end(direction way) override;
  std::span<transaction* const> transactions() noexcept override { return live_.shown(); }
  void release(std::uint64_t number) noexcept override;

private:
  exchange* find(const datagram_header& head);
  exchange* begin(const datagram_header& head);

  settings settings_;
  stub_budget budget_;
  transaction_list<exchange> live_;
};

} // namespace cresset::detect::proto::dcerpc
