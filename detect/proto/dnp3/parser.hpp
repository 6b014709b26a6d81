#pragma once

#include "detect/proto/dnp3/message.hpp"
#include "detect/proto/event_list.hpp"
#include "detect/proto/identify.hpp"
#include "detect/proto/stream_parser.hpp"
#include "detect/proto/transaction_list.hpp"

#include <array>
#include <vector>

namespace cresset::detect::proto::dnp3 {

/// Buffers and fields of DNP3 for rules.
extern const protocol_description description;

/// Indexes of the tables in parser.cpp, in their order.
enum class buffer_index : buffer_id { data_ts, data_tc };
enum class field_index : field_id { func_ts, func_tc, ind, obj_ts, obj_tc };

/// One application fragment, of one direction. `dnp3_obj` has an instance for each object: group in
/// the high byte, variation in the low one.
class fragment final : public transaction {
public:
  fragment(std::uint64_t number, direction way) noexcept : transaction{number}, way_{way} {
    advance(opposite(way), progress_done);
  }

  bool concerns(direction way) const noexcept override { return way == way_; }
  std::size_t instances(buffer_id id) const noexcept override;
  std::optional<byte_view> buffer(buffer_id id, std::size_t instance) const noexcept override;
  std::size_t field_instances(field_id id) const noexcept override;
  std::optional<std::uint64_t> field(field_id id, std::size_t instance) const noexcept override;
  std::span<const std::string_view> events() const noexcept override { return events_.all(); }
  void write_members(json_writer& json) const override;

private:
  friend class parser;
  direction way_;
  message message_;
  event_list events_;
};

/// DNP3 over TCP or UDP.
class parser final : public stream_parser {
public:
  /// Bytes of one fragment put together of transport segments; over it the fragment is dropped
  /// (`too_long_reassembly`). As many segments as the sequence numbers can tell apart.
  static constexpr std::size_t fragment_limit_bytes = std::size_t{64} * 249;
  /// Requests in a row without any answer; the one over it says `flooded`.
  static constexpr std::size_t unanswered_limit = 32;
  static constexpr std::size_t live_limit = 1024;

  explicit parser(transport over) noexcept : over_{over} {}

  std::string_view protocol() const noexcept override { return "dnp3"; }
  parse_status bytes(direction way, byte_view bytes, timestamp at) override;
  parse_status gap(direction way, std::uint64_t size) override;
  void end(direction way) override;
  std::span<transaction* const> transactions() noexcept override { return all_.shown(); }
  void release(std::uint64_t number) noexcept override;

private:
  struct half {
    std::vector<std::byte> open; ///< a frame that is not whole yet
    bool is_broken = false;
    fragment* building = nullptr; ///< its segments have begun to come
    std::uint8_t next_segment = 0;
  };

  fragment& begin(direction way);
  void finish(direction way);
  void raise(direction way, std::string_view event);
  void on_frame(direction way, const link_header& link, byte_view blocks);
  void on_segment(direction way, const link_header& link, byte_view segment);
  void on_fragment(direction way);

  transport over_;
  std::array<half, 2> halves_;
  std::size_t unanswered_ = 0;
  std::vector<std::byte> segment_;
  transaction_list<fragment> all_;
};

} // namespace cresset::detect::proto::dnp3
