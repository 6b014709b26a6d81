#include "detect/proto/websocket/frame.hpp"

#include "detect/proto/websocket/parser.hpp"

#include <array>
#include <utility>

namespace cresset::detect::proto::websocket {
namespace {

constexpr auto ts = direction::to_server;
constexpr auto tc = direction::to_client;

constexpr std::array buffers{
    buffer_description{"websocket.payload", ts, progress_done},
    buffer_description{"websocket.payload", tc, progress_done},
};
constexpr std::array fields{
    field_description{"websocket.opcode", ts, progress_done},
    field_description{"websocket.opcode", tc, progress_done},
    field_description{"websocket.flags", ts, progress_done},
    field_description{"websocket.flags", tc, progress_done},
    field_description{"websocket.mask", ts, progress_done},
    field_description{"websocket.mask", tc, progress_done},
};
static_assert(fields.size() == static_cast<std::size_t>(field_index::mask_tc) + 1);

std::string_view name_of(std::uint8_t code) noexcept {
  switch (static_cast<opcode>(code)) {
  case opcode::continuation: return "continuation";
  case opcode::text: return "text";
  case opcode::binary: return "binary";
  case opcode::connection_close: return "connection_close";
  case opcode::ping: return "ping";
  case opcode::pong: return "pong";
  }
  return {};
}

constexpr std::array<std::string_view, 3> frame_types{"header", "pdu", "data"};

} // namespace

constinit const protocol_description description{"websocket", buffers, fields, frame_types};

frame::frame(std::uint64_t number, direction way, const frame_head& head,
             std::vector<std::byte> payload) noexcept
    : transaction{number}, way_{way}, head_{head}, payload_{std::move(payload)} {
  advance(ts, progress_done);
  advance(tc, progress_done);
}

std::size_t frame::instances(buffer_id id) const noexcept {
  return id < buffers.size() && buffers[id].way == way_ && !payload_.empty() ? 1 : 0;
}

std::optional<byte_view> frame::buffer(buffer_id id, std::size_t instance) const noexcept {
  return instance < instances(id) ? std::optional{byte_view{payload_}} : std::nullopt;
}

std::size_t frame::field_instances(field_id id) const noexcept {
  return field(id, 0) ? 1 : 0;
}

std::optional<std::uint64_t> frame::field(field_id id, std::size_t instance) const noexcept {
  if (instance != 0 || id >= fields.size() || fields[id].way != way_)
    return std::nullopt;
  switch (static_cast<field_index>(id)) {
  case field_index::opcode_ts:
  case field_index::opcode_tc: return head_.code;
  case field_index::flags_ts:
  case field_index::flags_tc: return head_.flags;
  case field_index::mask_ts:
  case field_index::mask_tc: return head_.mask;
  }
  return std::nullopt;
}

void frame::write_members(json_writer& json) const {
  json.member("fin", head_.is_final());
  if (head_.mask)
    json.member("mask", *head_.mask);
  if (const auto name = name_of(head_.code); !name.empty())
    json.member("opcode", name);
  else
    json.member("opcode", "unknown-" + std::to_string(head_.code));
}

} // namespace cresset::detect::proto::websocket
