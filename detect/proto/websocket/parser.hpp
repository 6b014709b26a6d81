#pragma once

#include "detect/proto/frame_cutter.hpp"
#include "detect/proto/inflate.hpp"
#include "detect/proto/stream_parser.hpp"
#include "detect/proto/transaction_list.hpp"
#include "detect/proto/websocket/frame.hpp"
#include "detect/proto/websocket/settings.hpp"

#include <array>
#include <memory>
#include <vector>

namespace cresset::detect::proto::websocket {

/// Buffers and fields of WebSocket for rules.
extern const protocol_description description;

/// WebSocket (RFC 6455) behind its HTTP upgrade, with messages packed as RFC 7692 says. Each frame
/// is a transaction. It has no mark to find it by again: a gap ends it.
class parser final : public stream_parser {
public:
  /// `wanted` must outlive the parser.
  explicit parser(const settings& wanted) noexcept : settings_{wanted} {}

  std::string_view protocol() const noexcept override { return "websocket"; }
  parse_status bytes(direction way, byte_view bytes, timestamp at) override;
  parse_status gap(direction way, std::uint64_t size) override;
  void end(direction way) override {
    frames_.end(way);
    halves_[index(way)].is_broken = true;
  }
  std::span<transaction* const> transactions() noexcept override { return live_.shown(); }
  void release(std::uint64_t number) noexcept override { live_.take(number); }
  frame_list* frames() noexcept override { return &frames_.list; }

  /// Frames that made no transaction, because too many were live.
  std::uint64_t refused() const noexcept { return refused_; }

private:
  static constexpr std::size_t head_limit = 14;

  struct half {
    std::array<std::byte, head_limit> raw{};
    std::size_t raw_size = 0;
    bool in_payload = false;
    frame_head head;
    std::uint64_t left = 0;
    std::uint64_t read = 0;         ///< bytes of the payload so far: the mask's place
    std::vector<std::byte> payload; ///< of this frame, unmasked
    std::vector<std::byte> message; ///< of the frames before, while their message is open
    bool is_cut = false;            ///< the message is longer than the limit
    bool message_is_packed = false;
    std::unique_ptr<inflater> unpack; ///< its window lasts from message to message
    bool is_broken = false;
  };

  bool read_head(half& mine);
  void payload_bytes(half& mine, byte_view bytes);
  void end_frame(direction way);
  std::vector<std::byte> unpacked(half& mine, std::vector<std::byte> packed, bool& is_damaged);

  const settings& settings_;
  std::array<half, 2> halves_;
  frame_cutter frames_;
  transaction_list<frame> live_;
  std::uint64_t refused_ = 0;
};

} // namespace cresset::detect::proto::websocket
