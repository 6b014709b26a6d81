#include "detect/proto/dcerpc/exchange.hpp"

namespace cresset::detect::proto::dcerpc {
namespace {

constexpr auto ts = direction::to_server;
constexpr auto tc = direction::to_client;
constexpr auto begun = static_cast<progress>(call_progress::begun);
constexpr auto complete_at = static_cast<progress>(call_progress::complete);

constexpr std::array buffers{
    buffer_description{"dcerpc.stub_data", ts, complete_at},
    buffer_description{"dcerpc.stub_data", tc, complete_at},
    buffer_description{"dcerpc.iface", ts, begun},
    buffer_description{"dcerpc.iface", tc, begun},
};
constexpr std::array fields{
    field_description{"dcerpc.opnum", ts, begun},
    field_description{"dcerpc.opnum", tc, begun},
};

constexpr std::array<std::string_view, 3> frame_types{"pdu", "hdr", "data"};

} // namespace

constinit const protocol_description description{"dcerpc", buffers, fields, frame_types};

void exchange::note_progress() noexcept {
  if (what.has_request())
    advance(ts, what.is_request_complete() ? complete_at : begun);
  if (what.has_answer()) {
    advance(tc, what.is_answer_complete() ? complete_at : begun);
    // a request whose end was not seen gets none any more once it is answered; one that was not
    // seen at all is given up when the client goes on
    advance(ts, what.has_request() ? complete_at : begun);
  }
}

void exchange::complete(direction way) noexcept {
  what.complete(way);
  advance(way, complete_at);
}

bool exchange::concerns(direction way) const noexcept {
  // a call that was lost is told as the client's all the same
  return way == ts || what.has_answer() || !is_done(tc);
}

std::size_t exchange::instances(buffer_id id) const noexcept {
  switch (static_cast<buffer_index>(id)) {
  case buffer_index::stub_ts: return what.side(ts).kept.empty() ? 0 : 1;
  case buffer_index::stub_tc: return what.side(tc).kept.empty() ? 0 : 1;
  case buffer_index::interface_ts:
  case buffer_index::interface_tc: return what.has_interface() ? 1 : 0;
  }
  return 0;
}

std::optional<byte_view> exchange::buffer(buffer_id id, std::size_t instance) const noexcept {
  if (instance >= instances(id))
    return std::nullopt;
  switch (static_cast<buffer_index>(id)) {
  case buffer_index::stub_ts: return what.side(ts).kept;
  case buffer_index::stub_tc: return what.side(tc).kept;
  default: return what.interface_bytes();
  }
}

std::size_t exchange::field_instances(field_id) const noexcept {
  return what.is_operation() ? 1 : 0;
}
std::optional<std::uint64_t> exchange::field(field_id id, std::size_t instance) const noexcept {
  if (instance >= field_instances(id))
    return std::nullopt;
  return what.operation();
}

void exchange::write_members(json_writer& json) const {
  what.write_members(json);
  if (activity) {
    json.member("activityuuid", to_text(*activity)).member("seqnum", what.id());
    json.member("rpc_version", "4.0");
    return;
  }
  json.member("call_id", what.id());
  json.member("rpc_version", minor_version == 0 ? "5.0" : "5.1");
}

} // namespace cresset::detect::proto::dcerpc
