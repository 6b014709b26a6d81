#pragma once

#include "detect/proto/frame_cutter.hpp"
#include "detect/proto/identify.hpp"
#include "detect/proto/ldap/exchange.hpp"
#include "detect/proto/ldap/settings.hpp"
#include "detect/proto/message_cutter.hpp"
#include "detect/proto/stream_parser.hpp"
#include "detect/proto/transaction_list.hpp"

#include <array>

namespace cresset::detect::proto::ldap {

/// Buffers and fields of LDAP for rules.
extern const protocol_description description;

/// LDAP over TCP, and over UDP a message a datagram (CLDAP). Behind a gap a segment that begins
/// like a message is taken for one. When StartTLS is granted it answers `changed`; when bytes
/// behind a SASL bind are no messages, `finished`: they are protected.
class parser final : public stream_parser {
public:
  /// Most bytes of one message that are read; a longer one is counted by its event.
  static constexpr std::size_t message_limit_bytes = 64 * 1024;

  parser(const settings& wanted, transport over) noexcept : settings_{wanted}, over_{over} {}

  std::string_view protocol() const noexcept override { return "ldap"; }
  parse_status bytes(direction way, byte_view bytes, timestamp at) override;
  parse_status gap(direction way, std::uint64_t size) override;
  void end(direction way) override;
  std::span<transaction* const> transactions() noexcept override { return live_.shown(); }
  void release(std::uint64_t number) noexcept override { live_.take(number); }
  frame_list* frames() noexcept override { return &frames_.list; }
  /// After `changed`: bytes of this direction that were not read.
  byte_view left_over(direction way) const noexcept override { return left_over_[index(way)]; }
  /// Messages refused because too many transactions were live.
  std::uint64_t refused() const noexcept { return refused_; }

private:
  struct half {
    message_cutter cutter{message_limit_bytes};
    bool lost_sync = false;
  };
  parse_status stream_bytes(direction way, byte_view bytes);
  bool one_message(byte_view bytes, bool is_cut);
  void note(std::string_view event);
  void on_request(operation one);
  void on_response(operation one);
  exchange* add();
  exchange* waiting_for(std::int64_t message_id) noexcept;

  settings settings_;
  transport over_;
  bool has_changed_ = false;
  bool may_be_protected_ = false; ///< a SASL bind was asked for
  std::array<half, 2> halves_;
  frame_cutter frames_;
  std::array<byte_view, 2> left_over_{};
  transaction_list<exchange> live_;
  std::uint64_t refused_ = 0;
};

} // namespace cresset::detect::proto::ldap
