#pragma once

#include "detect/proto/frame_cutter.hpp"
#include "detect/proto/http/range_file.hpp"
#include "detect/proto/http2/exchange.hpp"
#include "detect/proto/http2/frame.hpp"
#include "detect/proto/http2/hpack.hpp"
#include "detect/proto/http2/settings.hpp"
#include "detect/proto/stream_parser.hpp"
#include "detect/proto/transaction_list.hpp"

#include <array>
#include <map>
#include <vector>

namespace cresset::detect::proto::http2 {

/// Buffers and fields of HTTP/2 for rules.
extern const protocol_description description;

/// HTTP/2 over TCP (RFC 9113), with prior knowledge or behind an Upgrade. Each stream is a
/// transaction, and so is each frame of stream 0. A gap ends it: the header tables of both sides
/// cannot be followed behind one.
class parser final : public stream_parser {
public:
  /// Most bytes gathered of one frame that is no DATA; a longer one is passed over with an event.
  static constexpr std::size_t frame_limit_bytes = 64 * 1024;
  /// Most bytes of one block of headers, all its CONTINUATIONs together.
  static constexpr std::size_t block_limit_bytes = 128 * 1024;
  /// Ended streams that are remembered, so that late frames do not open them again.
  static constexpr std::size_t ended_limit = 64;

  /// `wanted` must outlive the parser.
  explicit parser(const settings& wanted) noexcept
      : settings_{wanted}, ranges_{wanted.response_body_limit} {}

  /// The flow was upgraded: this HTTP/1 request, with HTTP/2's names, is that of stream 1, whose
  /// answer comes as HTTP/2 (RFC 7540 3.2). `http2_settings` is the header of that name.
  void begin_upgraded(std::vector<header_field> request, std::string_view http2_settings);

  std::string_view protocol() const noexcept override { return "http2"; }
  parse_status bytes(direction way, byte_view bytes, timestamp at) override;
  parse_status gap(direction way, std::uint64_t size) override;
  void end(direction way) override;
  std::span<transaction* const> transactions() noexcept override { return live_.shown(); }
  void release(std::uint64_t number) noexcept override;
  frame_list* frames() noexcept override { return &frames_.list; }

private:
  /// Where one direction stands: in the preface, in a frame's head, or before `left` bytes of its
  /// payload.
  struct half {
    std::size_t preface_seen = 0;
    bool is_past_preface = false;
    std::array<std::byte, frame_head::size> raw_head{};
    std::size_t raw_head_size = 0;
    frame_head head;
    std::size_t left = 0;
    bool in_payload = false;
    bool is_skipped = false;
    std::vector<std::byte> payload;
    std::size_t padding = 0; ///< at the end of a DATA frame
    bool knows_padding = false;
    hpack_decoder hpack;
    std::vector<std::byte> block;      ///< of headers, while its fragments come
    std::uint32_t block_stream = 0;    ///< that of its frames
    std::uint32_t promised_stream = 0; ///< that the block is of, where that is another
    std::uint8_t block_flags = 0;
    bool has_block = false;
    bool block_is_lost = false;
    bool is_promise = false; ///< the block is a request that the server promises
    bool is_broken = false;
  };

  void read_preface(direction way, byte_view& bytes);
  void begin_frame(direction way);
  void payload_bytes(direction way, byte_view bytes);
  void data_bytes(direction way, byte_view bytes);
  void part_bytes(exchange& one, byte_view bytes);
  void end_part(exchange& one);
  void end_frame(direction way);
  void on_headers(direction way, byte_view payload);
  void on_continuation(direction way, byte_view payload);
  void on_push_promise(direction way, byte_view payload);
  void on_settings(exchange& one, direction way, byte_view payload);
  void add_to_block(direction way, byte_view fragment, bool is_last);
  void end_block(direction way);
  void end_stream(direction way, std::uint32_t stream);
  void on_small_frame(direction way, byte_view payload);

  /// The stream's transaction, made if there is none; null when there are too many, or the stream
  /// is over and the frame opens none.
  exchange* stream_of(const frame_head& head);
  exchange* make(std::uint32_t stream);
  exchange* transaction_of_connection(direction way);
  void raise(direction way, std::string_view event);
  bool take_padding(const frame_head& head, byte_view& payload) const noexcept;

  const settings& settings_;
  http::range_file ranges_;
  std::optional<std::uint64_t> part_of_; ///< the exchange whose answer is a part of it
  std::array<half, 2> halves_;
  frame_cutter frames_;
  transaction_list<exchange> live_;
  std::map<std::uint32_t, std::uint64_t> streams_; ///< the number of each live stream's transaction
  std::array<std::uint32_t, ended_limit> ended_{};
  std::size_t ended_at_ = 0;
  std::vector<std::string_view> early_events_; ///< raised before there was a transaction
};

} // namespace cresset::detect::proto::http2
