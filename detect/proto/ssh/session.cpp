#include "detect/proto/ssh/session.hpp"

#include "detect/proto/digest.hpp"

namespace cresset::detect::proto::ssh {

const std::string& session::hassh(direction way) const {
  auto& known = hashes_[index(way)];
  if (!known)
    known = of(way).algorithms.empty() ? std::string{} : md5_hex(of(way).algorithms);
  return *known;
}

std::string_view session::text_of(buffer_id id) const {
  constexpr auto to_server = direction::to_server;
  constexpr auto to_client = direction::to_client;
  switch (static_cast<buffer_index>(id)) {
  case buffer_index::proto_ts: return of(to_server).proto;
  case buffer_index::proto_tc: return of(to_client).proto;
  case buffer_index::software_ts: return of(to_server).software;
  case buffer_index::software_tc: return of(to_client).software;
  case buffer_index::hassh: return hassh(to_server);
  case buffer_index::hassh_string: return of(to_server).algorithms;
  case buffer_index::hassh_server: return hassh(to_client);
  case buffer_index::hassh_server_string: return of(to_client).algorithms;
  }
  return {};
}

std::size_t session::instances(buffer_id id) const noexcept {
  return text_of(id).empty() ? 0 : 1;
}

std::optional<byte_view> session::buffer(buffer_id id, std::size_t instance) const noexcept {
  if (instance >= instances(id))
    return std::nullopt;
  return as_bytes(text_of(id));
}

void session::write_members(json_writer& json) const {
  for (const auto& [name, way] :
       {std::pair{"client", direction::to_server}, {"server", direction::to_client}}) {
    const auto& one = of(way);
    if (one.proto.empty())
      continue;
    json.key(name).begin_object().member("proto_version", one.proto);
    if (!one.software.empty())
      json.member("software_version", one.software);
    if (log_hassh_ && !one.algorithms.empty()) {
      json.key("hassh").begin_object().member("hash", hassh(way));
      json.member("string", one.algorithms).end_object();
    }
    json.end_object();
  }
}

} // namespace cresset::detect::proto::ssh
