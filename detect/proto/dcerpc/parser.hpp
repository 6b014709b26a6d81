#pragma once

#include "detect/proto/dcerpc/exchange.hpp"
#include "detect/proto/dcerpc/settings.hpp"
#include "detect/proto/frame_cutter.hpp"
#include "detect/proto/stream_parser.hpp"
#include "detect/proto/transaction_list.hpp"

#include <array>

namespace cresset::detect::proto::dcerpc {

/// DCE/RPC over TCP: PDUs one behind the other, each call or negotiation a transaction. Which side
/// a PDU belongs to its type says. Behind a gap the next head is looked for.
class parser final : public stream_parser {
public:
  static constexpr std::size_t limit_pdu_bytes = 65'535; ///< what a fragment's length can say

  explicit parser(const settings& wanted) noexcept : settings_{wanted} {}

  std::string_view protocol() const noexcept override { return "dcerpc"; }
  parse_status bytes(direction way, byte_view bytes, timestamp at) override;
  parse_status gap(direction way, std::uint64_t size) override;
  void end(direction way) override;
  std::span<transaction* const> transactions() noexcept override { return live_.shown(); }
  void release(std::uint64_t number) noexcept override;
  frame_list* frames() noexcept override { return &frames_.list; }

private:
  struct half {
    std::vector<std::byte> open; ///< a PDU that is not whole yet
    std::size_t to_skip = 0;     ///< of a PDU that a gap took a part of
    bool is_lost = false;        ///< behind a gap: a head is looked for
    bool is_broken = false;
  };

  byte_view take(direction way, byte_view bytes);
  byte_view resynchronise(direction way, byte_view bytes);
  void on_pdu(direction way, const pdu_header& head, byte_view pdu);
  exchange* find(const pdu_header& head, bool answer);
  exchange& begin(const pdu_header& head);
  void give_up_lost_requests();

  settings settings_;
  std::array<half, 2> halves_;
  frame_cutter frames_;
  bindings known_;
  bool has_lost_requests_ = false;
  stub_budget budget_;
  transaction_list<exchange> live_;
};

} // namespace cresset::detect::proto::dcerpc
