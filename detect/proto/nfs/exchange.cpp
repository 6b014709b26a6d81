#include "detect/proto/nfs/exchange.hpp"

#include <array>

namespace cresset::detect::proto::nfs {
namespace {

constexpr auto ts = direction::to_server;
constexpr auto tc = direction::to_client;
constexpr auto begun = static_cast<progress>(exchange_progress::begun);

constexpr std::array buffers{
    buffer_description{"file.data", ts, progress_done, true, true},
    buffer_description{"file.data", tc, progress_done, true, true},
    buffer_description{"file.name", ts, begun},
    buffer_description{"file.name", tc, begun},
};
static_assert(buffers.size() == static_cast<std::size_t>(buffer_index::file_name_tc) + 1);

constexpr std::array fields{
    field_description{"nfs_procedure", ts, begun, true},
    field_description{"nfs_procedure", tc, begun, true},
    field_description{"nfs.version", ts, begun},
    field_description{"nfs.version", tc, begun},
};
static_assert(fields.size() == static_cast<std::size_t>(field_index::version_tc) + 1);

} // namespace

constinit const protocol_description description{"nfs", buffers, fields};

const file_transfer* exchange::transfer_of(direction way) const noexcept {
  return transfer && transfer->way == way ? &*transfer : nullptr;
}

std::size_t exchange::instances(buffer_id id) const noexcept {
  switch (static_cast<buffer_index>(id)) {
  case buffer_index::file_data_ts: return files(ts);
  case buffer_index::file_data_tc: return files(tc);
  default: return buffer(id, 0) ? 1 : 0;
  }
}

std::optional<byte_view> exchange::buffer(buffer_id id, std::size_t instance) const noexcept {
  const auto which = static_cast<buffer_index>(id);
  const bool is_name = which == buffer_index::file_name_ts || which == buffer_index::file_name_tc;
  const auto way = which == buffer_index::file_name_ts ? ts : tc;
  if (!is_name || instance != 0 || transfer_of(way) == nullptr || file_name.empty())
    return std::nullopt;
  return as_bytes(file_name);
}

body_view exchange::body(buffer_id id) const noexcept {
  const auto which = static_cast<buffer_index>(id);
  const auto* one = which == buffer_index::file_data_ts   ? transfer_of(ts)
                    : which == buffer_index::file_data_tc ? transfer_of(tc)
                                                          : nullptr;
  return one == nullptr ? body_view{} : one->file.view();
}

std::size_t exchange::field_instances(field_id id) const noexcept {
  const auto which = static_cast<field_index>(id);
  const bool is_procedure =
      which == field_index::procedure_ts || which == field_index::procedure_tc;
  return is_procedure && !operations.empty() ? operations.size() : 1;
}

std::optional<std::uint64_t> exchange::field(field_id id, std::size_t instance) const noexcept {
  if (instance >= field_instances(id))
    return std::nullopt;
  const auto which = static_cast<field_index>(id);
  if (which == field_index::version_ts || which == field_index::version_tc)
    return version_;
  return operations.empty() ? operation_ : operations[instance];
}

std::size_t exchange::files(direction way) const noexcept {
  return transfer_of(way) != nullptr ? 1 : 0;
}

file_view exchange::file(direction way, std::size_t i) const noexcept {
  const auto* one = transfer_of(way);
  if (one == nullptr || i != 0)
    return {};
  const auto content = one->file.view();
  return {file_name, content, one->file.is_truncated() && (is_done() || content.complete)};
}

} // namespace cresset::detect::proto::nfs
