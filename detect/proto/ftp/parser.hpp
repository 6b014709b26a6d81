#pragma once

#include "detect/proto/ftp/command.hpp"
#include "detect/proto/stream_parser.hpp"
#include "detect/proto/transaction_list.hpp"

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cresset::detect::proto::ftp {

/// Buffers and fields of FTP for rules.
extern const protocol_description description;

/// The control connection of FTP (RFC 959, 2428, AUTH of RFC 4217): each command with its replies
/// is a transaction.
class parser final : public stream_parser {
public:
  static constexpr std::size_t line_limit_bytes = 4096;
  static constexpr std::size_t transaction_limit = 1024;

  /// `client` is the address the commands come from: a PORT that names another one is told.
  explicit parser(std::optional<ip_address> client = std::nullopt) noexcept : client_{client} {}

  std::string_view protocol() const noexcept override { return "ftp"; }
  parse_status bytes(direction way, byte_view bytes, timestamp at) override;
  parse_status gap(direction way, std::uint64_t size) override;
  void end(direction way) override;
  byte_view left_over(direction way) const noexcept override { return left_over_[index(way)]; }
  next_protocol next() const noexcept override { return {app_protocol::tls, false}; }
  /// A data connection, once it is known what it carries: at RETR or STOR.
  std::vector<announcement> take_announcements() override {
    return std::exchange(announcements_, {});
  }
  std::span<transaction* const> transactions() noexcept override { return live_.shown(); }
  void release(std::uint64_t number) noexcept override;

private:
  struct half {
    std::string line;
    bool is_cut = false;
    bool skips_line = false; ///< behind a gap, up to the next line
  };
  void on_line(direction way, std::string_view line, bool is_cut);
  void on_reply(std::string_view line, bool is_cut);
  exchange* awaiting_reply() noexcept;
  void note_port(const exchange& of);
  void announce(const exchange& of);

  static constexpr std::size_t announcement_limit = 16;

  std::array<half, 2> halves_;
  transaction_list<exchange> live_;
  bool has_changed_ = false;
  std::array<byte_view, 2> left_over_{}; ///< of the call that changed the protocol
  std::optional<ip_address> client_;
  std::optional<announcement> port_; ///< the last named, until a transfer uses it
  std::vector<announcement> announcements_;
};

} // namespace cresset::detect::proto::ftp
