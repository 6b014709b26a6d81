#include "detect/proto/dhcp/parser.hpp"

#include <array>

namespace cresset::detect::proto::dhcp {
namespace {

constexpr auto ts = direction::to_server;
constexpr auto tc = direction::to_client;

constexpr std::array fields{field_description{"dhcp.leasetime", ts, progress_done},
                            field_description{"dhcp.leasetime", tc, progress_done},
                            field_description{"dhcp.rebinding_time", ts, progress_done},
                            field_description{"dhcp.rebinding_time", tc, progress_done},
                            field_description{"dhcp.renewal_time", ts, progress_done},
                            field_description{"dhcp.renewal_time", tc, progress_done}};
static_assert(fields.size() == static_cast<std::size_t>(field_index::renewal_time_tc) + 1);

} // namespace

constinit const protocol_description description{"dhcp", {}, fields};

parse_status parser::bytes(direction way, byte_view bytes, timestamp) {
  auto* one = add(way, settings_.extended);
  return one != nullptr && one->read(bytes) ? parse_status::consumed : parse_status::resynchronised;
}

} // namespace cresset::detect::proto::dhcp
