#pragma once

#include "detect/proto/mqtt/exchange.hpp"
#include "detect/proto/mqtt/settings.hpp"
#include "detect/proto/stream_parser.hpp"
#include "detect/proto/transaction_list.hpp"

#include <array>
#include <set>
#include <unordered_map>

namespace cresset::detect::proto::mqtt {

/// Buffers and fields of MQTT for rules.
extern const protocol_description description;

/// MQTT 3.1, 3.1.1 and 5 (OASIS): messages become exchanges. A flow without CONNECT is read as
/// 3.1.1.
class parser final : public stream_parser {
public:
  /// Of all live exchanges of a flow; messages over it are passed over like those that are too
  /// long.
  static constexpr std::size_t retained_limit_bytes = 4 * 1024 * 1024;
  /// Live exchanges of any kind, done ones that nobody has released yet included.
  static constexpr std::size_t live_limit = 4096;

  explicit parser(const settings& wanted) noexcept : settings_{wanted} {}

  std::string_view protocol() const noexcept override { return "mqtt"; }
  parse_status bytes(direction way, byte_view bytes, timestamp at) override;
  parse_status gap(direction way, std::uint64_t size) override;
  void end(direction way) override;
  std::span<transaction* const> transactions() noexcept override { return live_.shown(); }
  void release(std::uint64_t number) noexcept override;
  frame_list* frames() noexcept override { return &frames_; }

  /// Messages dropped because live_limit was reached.
  std::uint64_t refused() const noexcept { return refused_; }

private:
  struct half {
    std::vector<std::byte> open; ///< an open message with its fixed header
    std::uint64_t to_skip = 0;   ///< of a message that is passed over
    bool broken = false;
    bool has_ended = false;
    bool is_named = false; ///< the open message has its frames
  };

  byte_view take(direction way, byte_view bytes);
  void name_frames(direction way, byte_view rest, std::size_t head, std::uint64_t body);
  void on_packet(direction way, fixed_header head, byte_view body);
  void on_skipped(direction way, fixed_header head, std::uint64_t length);
  void on_message(message&& one);
  void begin(message&& one);
  void answer(message&& one);
  exchange* asked(const message& answer);
  void wait_for_answer(const exchange& one);
  void complete(exchange& one);
  exchange* make(direction way);
  void fail(direction way);

  settings settings_;
  std::array<half, 2> halves_;
  frame_list frames_;
  byte_view given_; ///< of the call at hand
  transaction_list<exchange> live_;
  /// Exchanges that wait for an answer: by what it will say, and in their order.
  std::unordered_multimap<std::uint32_t, std::uint64_t> asked_;
  std::set<std::uint64_t> open_;
  std::size_t retained_ = 0;
  std::uint64_t refused_ = 0;
  std::uint8_t version_ = 0;
  bool is_connected_ = false;
};

} // namespace cresset::detect::proto::mqtt
