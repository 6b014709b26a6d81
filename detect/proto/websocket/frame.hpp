#pragma once

#include "detect/proto/event_list.hpp"
#include "detect/proto/transaction.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace cresset::detect::proto::websocket {

/// What a frame is (RFC 6455 5.2); the others are reserved.
enum class opcode : std::uint8_t {
  continuation = 0,
  text = 1,
  binary = 2,
  connection_close = 8,
  ping = 9,
  pong = 10,
};

/// The first bits of a frame, and the key that its payload is masked with.
struct frame_head {
  static constexpr std::uint8_t fin = 0x80;
  static constexpr std::uint8_t compressed = 0x40; ///< RFC 7692 6

  std::uint8_t flags = 0; ///< the upper half of the first byte
  std::uint8_t code = 0;
  std::optional<std::uint32_t> mask;

  bool is_final() const noexcept { return (flags & fin) != 0; }
  bool is_compressed() const noexcept { return (flags & compressed) != 0; }
  bool is_control() const noexcept { return (code & 8U) != 0; }
};

/// Indexes of the tables in frame.cpp, in their order.
enum class buffer_index : buffer_id { payload_ts, payload_tc };
enum class field_index : field_id { opcode_ts, opcode_tc, flags_ts, flags_tc, mask_ts, mask_tc };

/// One frame; the last frame of a message shows the whole message. It goes one way, and is whole
/// when it is made.
class frame final : public transaction {
public:
  frame(std::uint64_t number, direction way, const frame_head& head,
        std::vector<std::byte> payload) noexcept;

  void raise(std::string_view event) noexcept { events_.raise(event); }

  bool concerns(direction way) const noexcept override { return way == way_; }
  std::size_t instances(buffer_id id) const noexcept override;
  std::optional<byte_view> buffer(buffer_id id, std::size_t instance) const noexcept override;
  std::size_t field_instances(field_id id) const noexcept override;
  std::optional<std::uint64_t> field(field_id id, std::size_t instance) const noexcept override;
  std::span<const std::string_view> events() const noexcept override { return events_.all(); }
  void write_members(json_writer& json) const override;

private:
  direction way_;
  frame_head head_;
  std::vector<std::byte> payload_;
  event_list events_;
};

} // namespace cresset::detect::proto::websocket
