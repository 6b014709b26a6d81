#include "detect/proto/snmp/parser.hpp"

#include <array>

namespace cresset::detect::proto::snmp {
namespace {

constexpr auto ts = direction::to_server;
constexpr auto tc = direction::to_client;

constexpr std::array buffers{buffer_description{"snmp.community", ts, progress_done},
                             buffer_description{"snmp.community", tc, progress_done},
                             buffer_description{"snmp.usm", ts, progress_done},
                             buffer_description{"snmp.usm", tc, progress_done}};
constexpr std::array fields{field_description{"snmp.version", ts, progress_done},
                            field_description{"snmp.version", tc, progress_done},
                            field_description{"snmp.pdu_type", ts, progress_done},
                            field_description{"snmp.pdu_type", tc, progress_done},
                            field_description{"snmp.trap_type", ts, progress_done},
                            field_description{"snmp.trap_type", tc, progress_done}};
static_assert(buffers.size() == static_cast<std::size_t>(buffer_index::usm_tc) + 1);
static_assert(fields.size() == static_cast<std::size_t>(field_index::trap_type_tc) + 1);

} // namespace

constinit const protocol_description description{"snmp", buffers, fields};

parse_status parser::bytes(direction way, byte_view bytes, timestamp) {
  auto* one = add(way);
  if (one == nullptr)
    return parse_status::resynchronised;
  const bool fine = one->read(bytes);
  if (version_ == 0)
    version_ = one->version();
  else if (one->version() != 0 && one->version() != version_)
    one->raise("version_mismatch");
  return fine ? parse_status::consumed : parse_status::resynchronised;
}

} // namespace cresset::detect::proto::snmp
