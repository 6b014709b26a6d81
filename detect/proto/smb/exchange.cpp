#include "detect/proto/smb/exchange.hpp"

#include "detect/proto/smb/frames.hpp"
#include "detect/proto/smb/names.hpp"

namespace cresset::detect::proto::smb {
namespace {

constexpr auto ts = direction::to_server;
constexpr auto tc = direction::to_client;
constexpr auto begun = static_cast<progress>(exchange_progress::begun);

constexpr std::array buffers{
    // what a tree is, a share or the place of pipes, only the answer says
    buffer_description{"smb.named_pipe", ts, progress_done},
    buffer_description{"smb.share", ts, progress_done},
    buffer_description{"smb.ntlmssp_user", ts, begun},
    buffer_description{"smb.ntlmssp_domain", ts, begun},
    buffer_description{"dcerpc.stub_data", ts, progress_done},
    buffer_description{"dcerpc.stub_data", tc, progress_done},
    buffer_description{"dcerpc.iface", ts, begun},
    buffer_description{"dcerpc.iface", tc, begun},
    buffer_description{"file.data", ts, progress_done, true, true},
    buffer_description{"file.data", tc, progress_done, true, true},
    buffer_description{"file.name", ts, begun},
    buffer_description{"file.name", tc, begun},
};
static_assert(buffers.size() == static_cast<std::size_t>(buffer_index::file_name_tc) + 1);

constexpr std::array fields{
    field_description{"smb.version", ts, begun},
    field_description{"smb.version", tc, begun},
    field_description{"dcerpc.opnum", ts, begun},
    field_description{"dcerpc.opnum", tc, begun},
};

std::optional<byte_view> some(const std::string& text) noexcept {
  return text.empty() ? std::nullopt : std::optional{as_bytes(text)};
}

} // namespace

constinit const protocol_description description{"smb", buffers, fields, frame_types};

const file_transfer* exchange::file_of(direction way) const noexcept {
  const auto* one = get<file_transfer>();
  return one != nullptr && one->way == way ? one : nullptr;
}

std::optional<byte_view> exchange::bytes_of(buffer_index which) const noexcept {
  const auto* tree = get<tree_connect>();
  const auto* setup = get<session_setup>();
  const auto* pipe = get<pipe_call>();
  const auto stub = [&](direction way) -> std::optional<byte_view> {
    if (pipe == nullptr || pipe->what.side(way).kept.empty())
      return std::nullopt;
    return pipe->what.side(way).kept;
  };
  const auto name = [&](direction way) -> std::optional<byte_view> {
    const auto* one = file_of(way);
    return one == nullptr ? std::nullopt : some(one->file.name);
  };
  switch (which) {
  case buffer_index::named_pipe:
    return tree != nullptr && tree->is_pipe ? some(tree->share) : std::nullopt;
  case buffer_index::share:
    return tree != nullptr && !tree->is_pipe ? some(tree->share) : std::nullopt;
  case buffer_index::ntlmssp_user:
    return setup != nullptr && setup->who.ntlm ? some(setup->who.ntlm->user) : std::nullopt;
  case buffer_index::ntlmssp_domain:
    return setup != nullptr && setup->who.ntlm ? some(setup->who.ntlm->domain) : std::nullopt;
  case buffer_index::stub_ts: return stub(ts);
  case buffer_index::stub_tc: return stub(tc);
  case buffer_index::interface_ts:
  case buffer_index::interface_tc:
    return pipe != nullptr && pipe->what.has_interface()
               ? std::optional{pipe->what.interface_bytes()}
               : std::nullopt;
  case buffer_index::file_name_ts: return name(ts);
  case buffer_index::file_name_tc: return name(tc);
  case buffer_index::file_data_ts:
  case buffer_index::file_data_tc: return std::nullopt;
  }
  return std::nullopt;
}

std::size_t exchange::instances(buffer_id id) const noexcept {
  const auto which = static_cast<buffer_index>(id);
  if (which == buffer_index::file_data_ts || which == buffer_index::file_data_tc)
    return files(which == buffer_index::file_data_ts ? ts : tc);
  return bytes_of(which) ? 1 : 0;
}

std::optional<byte_view> exchange::buffer(buffer_id id, std::size_t instance) const noexcept {
  return instance == 0 ? bytes_of(static_cast<buffer_index>(id)) : std::nullopt;
}

body_view exchange::body(buffer_id id) const noexcept {
  const auto which = static_cast<buffer_index>(id);
  const auto* one = which == buffer_index::file_data_ts   ? file_of(ts)
                    : which == buffer_index::file_data_tc ? file_of(tc)
                                                          : nullptr;
  return one == nullptr ? body_view{} : one->file.view();
}

std::size_t exchange::field_instances(field_id id) const noexcept {
  return field(id, 0) ? 1 : 0;
}
std::optional<std::uint64_t> exchange::field(field_id id, std::size_t instance) const noexcept {
  if (instance != 0)
    return std::nullopt;
  switch (static_cast<field_index>(id)) {
  case field_index::version_ts:
  case field_index::version_tc: return static_cast<std::uint64_t>(version_);
  case field_index::operation_ts:
  case field_index::operation_tc: {
    const auto* pipe = get<pipe_call>();
    return pipe != nullptr && pipe->what.is_operation()
               ? std::optional<std::uint64_t>{pipe->what.operation()}
               : std::nullopt;
  }
  }
  return std::nullopt;
}

std::size_t exchange::files(direction way) const noexcept {
  return file_of(way) != nullptr ? 1 : 0;
}

file_view exchange::file(direction way, std::size_t i) const noexcept {
  const auto* one = file_of(way);
  if (one == nullptr || i != 0)
    return {};
  const auto content = one->file.view();
  return {one->file.name, content, one->file.is_truncated() && (is_done() || content.complete)};
}

bool exchange::numbers_are_little_endian() const noexcept {
  const auto* pipe = get<pipe_call>();
  return pipe == nullptr || pipe->what.is_little_endian();
}

void exchange::write_members(json_writer& json) const {
  json.member("id", number() + 1).member("dialect", dialect_.empty() ? "unknown" : dialect_);
  json.member("command", command_name(version_, command_));
  if (status_) {
    const auto name = status_name(*status_);
    json.member("status", name.empty() ? "UNKNOWN_" + hex(*status_) : std::string{name});
    json.member("status_code", hex(*status_));
  } else if (dos_error_) {
    const auto name = dos_error_name(dos_error_->first, dos_error_->second);
    const auto code = hex(dos_error_->second, 4);
    json.member("status", name.empty() ? "UNKNOWN_" + hex(dos_error_->first, 2) + "_" + code
                                       : std::string{name});
    json.member("status_code", code);
  }
  json.member("session_id", session_id).member("tree_id", tree_id);
  write_detail(carries, json);
}

} // namespace cresset::detect::proto::smb
