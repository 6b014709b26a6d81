#pragma once

#include "detect/proto/pop3/exchange.hpp"
#include "detect/proto/stream_parser.hpp"
#include "detect/proto/transaction_list.hpp"

#include <array>
#include <string>

namespace cresset::detect::proto::pop3 {

/// What POP3 offers to rules: its name and its events.
extern const protocol_description description;

/// POP3: commands wait for their responses in order.
class parser final : public stream_parser {
public:
  static constexpr std::size_t command_limit_bytes = 255;  ///< RFC 2449 section 4
  static constexpr std::size_t response_limit_bytes = 512; ///< of a status line
  static constexpr std::size_t line_limit_bytes = 4096;    ///< of any line; the rest is dropped
  static constexpr std::size_t transaction_limit = 256;

  std::string_view protocol() const noexcept override { return "pop3"; }
  parse_status bytes(direction way, byte_view bytes, timestamp at) override;
  parse_status gap(direction way, std::uint64_t size) override;
  void end(direction way) override;
  byte_view left_over(direction way) const noexcept override { return left_over_[index(way)]; }
  next_protocol next() const noexcept override { return {.expected = app_protocol::tls}; }
  std::span<transaction* const> transactions() noexcept override { return live_.shown(); }
  void release(std::uint64_t number) noexcept override { live_.take(number); }

  /// Commands dropped because transaction_limit was reached.
  std::uint64_t refused() const noexcept { return refused_; }

private:
  struct half {
    std::string line;
    std::size_t size = 0;    ///< of the open line, with what is dropped
    bool skips_line = false; ///< behind a gap, up to the next line
  };
  void on_line(direction way, std::string_view line, std::size_t size);
  void on_command(std::string_view line, std::size_t size);
  void on_response(std::string_view line, std::size_t size);
  exchange* awaiting() noexcept;
  exchange* make();

  std::array<half, 2> halves_;
  transaction_list<exchange> live_;
  std::uint64_t refused_ = 0;
  bool reads_lines_ = false; ///< of a response of several lines
  bool has_changed_ = false;
  std::array<byte_view, 2> left_over_{}; ///< of the call that changed the protocol
};

} // namespace cresset::detect::proto::pop3
