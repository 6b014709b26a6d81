#pragma once

#include "capture/base/byte_reader.hpp"
#include "detect/proto/pgsql/exchange.hpp"
#include "detect/proto/stream_parser.hpp"
#include "detect/proto/transaction_list.hpp"

#include <array>
#include <deque>

namespace cresset::detect::proto::pgsql {

/// Buffers of PostgreSQL for rules.
extern const protocol_description description;

/// PostgreSQL, protocol 3: requests wait for their responses in order.
class parser final : public stream_parser {
public:
  /// Of one message, and so of a query; the rest is passed over.
  static constexpr std::size_t message_limit_bytes = 64 * 1024;
  /// Of all live exchanges; texts of further ones are cut to nothing.
  static constexpr std::size_t retained_limit_bytes = 2 * 1024 * 1024;

  explicit parser(const settings& wanted) noexcept : settings_{wanted} {}

  std::string_view protocol() const noexcept override { return "pgsql"; }
  parse_status bytes(direction way, byte_view bytes, timestamp at) override;
  parse_status gap(direction way, std::uint64_t size) override;
  void end(direction way) override;
  byte_view left_over(direction way) const noexcept override { return left_over_[index(way)]; }
  next_protocol next() const noexcept override { return {.expected = app_protocol::tls}; }
  std::span<transaction* const> transactions() noexcept override { return live_.shown(); }
  void release(std::uint64_t number) noexcept override;

  /// Requests dropped because there were too many open ones.
  std::uint64_t refused() const noexcept { return refused_; }

private:
  struct half {
    std::vector<std::byte> open; ///< an open message, as far as it is kept
    std::uint64_t to_skip = 0;
    bool broken = false;
  };
  /// What the last Authentication… message asked the client for.
  enum class asked_for : std::uint8_t { password, sasl, sasl_more };

  byte_view take(direction way, byte_view bytes);
  byte_view take_ssl_answer(byte_view bytes);
  void on_untyped(byte_view body);
  void on_message(direction way, char type, byte_view body, std::uint64_t length);
  void on_request(char type, byte_view body, std::uint64_t length);
  void on_password(byte_view body);
  void on_copy_data(std::uint64_t length);
  void on_response(char type, byte_view body, std::uint64_t length);
  void on_authentication(exchange& one, byte_reader in);
  void on_rows(exchange& one, char type, byte_view body, std::uint64_t length);
  exchange* awaiting() noexcept;
  exchange* make(request_kind what);
  std::string keep(byte_view text);
  void fail(direction way);

  settings settings_;
  std::array<half, 2> halves_;
  transaction_list<exchange> live_;
  std::deque<std::uint64_t> waiting_; ///< numbers of those without a whole response, and a few more
  std::size_t retained_ = 0;
  std::uint64_t refused_ = 0;
  bool has_begun_ = false; ///< the startup message is behind us: messages have a type
  bool is_open_query_ = false;
  bool has_changed_ = false;
  std::array<byte_view, 2> left_over_{}; ///< of the call that changed the protocol
  asked_for asked_ = asked_for::password;
};

} // namespace cresset::detect::proto::pgsql
