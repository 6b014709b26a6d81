#pragma once

#include "detect/proto/event_list.hpp"
#include "detect/proto/frame_cutter.hpp"
#include "detect/proto/modbus/message.hpp"
#include "detect/proto/stream_parser.hpp"
#include "detect/proto/transaction_list.hpp"

#include <array>
#include <vector>

namespace cresset::detect::proto::modbus {

/// Fields of Modbus for rules.
extern const protocol_description description;

/// Indexes of the table in parser.cpp, in its order. All are the request's; `value` has an instance
/// for each written cell whose value is known, from the first address on.
enum class field_index : field_id {
  unit,
  function,
  subfunction,
  category, ///< bits of enum category
  access,   ///< bits of enum access
  read_address,
  read_quantity,
  write_address,
  write_quantity,
  value,
};

/// A request and its response, either of which may be missing.
class exchange final : public transaction {
public:
  using transaction::transaction;

  std::size_t instances(buffer_id) const noexcept override { return 0; }
  std::optional<byte_view> buffer(buffer_id, std::size_t) const noexcept override {
    return std::nullopt;
  }
  std::size_t field_instances(field_id id) const noexcept override;
  std::optional<std::uint64_t> field(field_id id, std::size_t instance) const noexcept override;
  std::span<const std::string_view> events() const noexcept override { return events_.all(); }
  void write_members(json_writer& json) const override;

private:
  friend class parser;
  void raise_errors(std::uint8_t errors) noexcept;

  std::optional<message> request_;
  std::optional<message> response_;
  event_list events_;
};

/// Modbus over TCP. Messages stand one behind the other; a length that cannot be ends the
/// direction.
class parser final : public stream_parser {
public:
  static constexpr std::size_t header_size = 7;
  static constexpr std::size_t length_least = 2; ///< unit and function
  static constexpr std::size_t length_most = 254;
  /// Requests that wait for their answer; over it the newest says so (`flooded`) and the oldest is
  /// closed.
  static constexpr std::size_t waiting_limit = 500;

  std::string_view protocol() const noexcept override { return "modbus"; }
  parse_status bytes(direction way, byte_view bytes, timestamp at) override;
  parse_status gap(direction way, std::uint64_t size) override;
  void end(direction way) override;
  std::span<transaction* const> transactions() noexcept override { return all_.shown(); }
  void release(std::uint64_t number) noexcept override { all_.take(number); }
  frame_list* frames() noexcept override { return &frames_.list; }

private:
  struct half {
    std::vector<std::byte> open; ///< the bytes of a message that is not whole yet
    bool is_broken = false;
  };

  exchange& begin();
  void on_message(direction way, byte_view bytes);
  void on_request(message&& made);
  void on_response(message&& made);

  std::array<half, 2> halves_;
  frame_cutter frames_;
  std::array<bool, 2> ended_{};
  transaction_list<exchange> all_;
};

} // namespace cresset::detect::proto::modbus
