#pragma once

#include "detect/proto/event_list.hpp"
#include "detect/proto/stream_parser.hpp"
#include "detect/proto/transaction_list.hpp"

#include <array>

namespace cresset::detect::proto::ntp {

/// Buffers and fields of NTP for rules.
extern const protocol_description description;

/// Indexes of the tables in parser.cpp, in their order.
enum class buffer_index : buffer_id { reference_id_ts, reference_id_tc };
enum class field_index : field_id { mode, stratum, version, count };

/// Modes (RFC 5905 section 7.3).
enum class mode : std::uint8_t { client = 3, server = 4, broadcast = 5, control = 6, reserved = 7 };

/// One message. Control and private messages have no stratum and no reference.
class message final : public transaction {
public:
  message(std::uint64_t number, direction way) noexcept : transaction{number}, way_{way} {
    for (const auto both : {direction::to_server, direction::to_client})
      advance(both, progress_done);
  }

  /// Reads one datagram; what is wrong with it becomes an event.
  void read(byte_view bytes) noexcept;

  std::uint8_t version() const noexcept { return first_ >> 3 & 7U; }
  ntp::mode mode() const noexcept { return static_cast<ntp::mode>(first_ & 7U); }

  bool concerns(direction way) const noexcept override { return way == way_; }
  std::size_t instances(buffer_id id) const noexcept override;
  std::optional<byte_view> buffer(buffer_id id, std::size_t instance) const noexcept override;
  std::size_t field_instances(field_id id) const noexcept override;
  std::optional<std::uint64_t> field(field_id id, std::size_t instance) const noexcept override;
  std::span<const std::string_view> events() const noexcept override { return events_.all(); }
  bool is_logged() const noexcept override { return is_read_; }
  void write_members(json_writer& json) const override;

private:
  direction way_;
  std::uint8_t first_ = 0; ///< leap indicator, version, mode
  std::uint8_t stratum_ = 0;
  bool is_read_ = false;
  bool has_times_ = false; ///< the full header of RFC 5905
  std::array<std::byte, 4> reference_id_{};
  event_list events_;
};

/// NTP over UDP: a message a call.
class parser final : public stream_parser {
public:
  static constexpr std::size_t transaction_limit = 256;

  std::string_view protocol() const noexcept override { return "ntp"; }
  parse_status bytes(direction way, byte_view bytes, timestamp at) override;
  parse_status gap(direction, std::uint64_t) override { return parse_status::resynchronised; }
  void end(direction) override {}
  std::span<transaction* const> transactions() noexcept override { return live_.shown(); }
  void release(std::uint64_t number) noexcept override { live_.take(number); }

  /// Messages dropped because transaction_limit was reached.
  std::uint64_t refused() const noexcept { return refused_; }

private:
  transaction_list<message> live_;
  std::uint64_t refused_ = 0;
};

} // namespace cresset::detect::proto::ntp
