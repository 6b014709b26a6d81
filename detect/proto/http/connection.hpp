#pragma once

#include "detect/proto/http/chunk_lines.hpp"
#include "detect/proto/http/exchange.hpp"
#include "detect/proto/http/parser.hpp"
#include "detect/proto/http/range_file.hpp"
#include "detect/proto/transaction_list.hpp"

#include <htp/htp.h>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cresset::detect::proto::http {

/// The parser of one flow: gives the bytes to the library and makes exchanges of what it calls
/// back.
class connection final : public stream_parser {
public:
  /// Bytes retained while one direction waits for the other (a request behind CONNECT).
  static constexpr std::size_t waiting_limit = 64 * 1024;
  static constexpr std::size_t early_event_limit = 8;

  connection(const personality& rules, std::uint16_t client_port, std::uint16_t server_port);
  ~connection() override;

  std::string_view protocol() const noexcept override { return "http"; }
  parse_status bytes(direction way, byte_view bytes, timestamp at) override;
  parse_status gap(direction way, std::uint64_t size) override;
  void end(direction way) override;
  byte_view left_over(direction way) const noexcept override {
    return as_bytes(has_changed_ ? waiting_[index(way)] : std::string_view{});
  }
  next_protocol next() const noexcept override { return next_; }
  const upgraded_request& upgraded() const noexcept { return upgraded_; }
  std::span<transaction* const> transactions() noexcept override { return live_.shown(); }
  void release(std::uint64_t number) noexcept override;
  frame_list* frames() noexcept override { return &frames_; }

  /// Tells the library whom to call: once a configuration.
  static void register_callbacks(htp_cfg_t* cfg);

private:
  struct deleter {
    void operator()(htp_connp_t* parser) const noexcept { htp_connp_destroy_all(parser); }
  };
  struct callbacks;

  /// `at` is where the bytes begin, counted from what the parser was given last this way.
  parse_status pass_on(direction way, const void* bytes, std::size_t size, std::int64_t at);
  std::int64_t place(direction way) const noexcept;
  void note_place(direction way) noexcept;
  void note_head_end(direction way) noexcept;
  void begin_frame(direction way, const exchange& one);
  void end_frame(direction way, std::int64_t body_bytes);
  parse_status verdict(direction way, int answer);
  exchange& exchange_of(htp_tx_t* tx);
  void note(const htp_log_t& log);
  void expect_head(byte_view answer) noexcept;
  void on_response_headers(exchange& one);
  void on_response_complete(exchange& one);
  void change_from(exchange& one);
  void on_request_headers(exchange& one);
  void read_chunk_lines(std::size_t upto);
  void on_response_body(exchange& one, const htp_tx_data_t& data);

  const settings& limits_;
  std::uint16_t client_port_;
  std::uint16_t server_port_;
  range_file ranges_;
  std::optional<std::uint64_t> part_of_; ///< the exchange whose answer is a part of it
  std::unique_ptr<htp_connp_t, deleter> parser_;
  transaction_list<exchange> live_;
  frame_list frames_;
  std::array<std::uint64_t, 2> open_frames_{}; ///< the message of each direction
  std::array<std::int64_t, 2> passed_at_{};
  /// By direction, counted from its first byte: the bytes before the call at hand, up to where the
  /// open message has surely come, and where the one before it ended.
  std::array<std::int64_t, 2> before_{}, solid_{}, head_end_{};
  std::array<std::optional<std::int64_t>, 2> ended_at_{};
  std::vector<std::unique_ptr<exchange>>
      orphans_; ///< released before they were done; the library still names them
  std::array<std::string, 2> waiting_;
  std::array<bool, 2> is_broken_{};
  std::array<bool, 2> is_ended_{};
  direction fed_{};
  byte_view given_; ///< the bytes at hand
  /// The body that is chunked now: its exchange, and from where in the bytes at hand it goes on.
  std::optional<chunk_lines> chunks_;
  exchange* chunked_ = nullptr;
  std::size_t chunks_from_ = 0;
  bool has_changed_ = false;
  std::size_t change_at_ = 0; ///< where the answer that changed it ends, in the bytes at hand
  next_protocol next_;
  upgraded_request upgraded_;
  bool is_closing_ = false;
  std::vector<std::string_view>
      early_events_;     ///< noted before there was a transaction to carry them
  bool is_full_ = false; ///< settings::transaction_limit was reached
};

} // namespace cresset::detect::proto::http
