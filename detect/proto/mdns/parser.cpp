#include "detect/proto/mdns/parser.hpp"

#include <array>

namespace cresset::detect::proto::mdns {
namespace {

constexpr auto ts = direction::to_server;
constexpr auto tc = direction::to_client;

constexpr buffer_description several(std::string_view name, direction way) {
  return {.name = name, .way = way, .available_at = progress_done, .several = true};
}

// In the order that dns::flavour describes.
constexpr std::array buffers{
    several("mdns.queries.rrname", ts),     several("mdns.queries.rrname", tc),
    several("mdns.answers.rrname", ts),     several("mdns.answers.rrname", tc),
    several("mdns.authorities.rrname", ts), several("mdns.authorities.rrname", tc),
    several("mdns.additionals.rrname", ts), several("mdns.additionals.rrname", tc),
    several("mdns.response.rrname", tc),    several("mdns.response.rrname", ts)};
static_assert(buffers.size() == static_cast<std::size_t>(dns::buffer_index::response_rrname) + 1);

constexpr std::array fields{field_description{"dns.opcode", ts, progress_done},
                            field_description{"dns.opcode", tc, progress_done},
                            field_description{"dns.rcode", ts, progress_done},
                            field_description{"dns.rcode", tc, progress_done},
                            field_description{"dns.rrtype", ts, progress_done, true},
                            field_description{"dns.rrtype", tc, progress_done, true}};

} // namespace

constinit const protocol_description description{"mdns", buffers, fields};

parse_status parser::bytes(direction way, byte_view bytes, timestamp) {
  if (live_.size() >= transaction_limit) {
    ++refused_;
    return parse_status::resynchronised;
  }
  auto one = std::make_unique<dns::message>(live_.next_number(), way, dns::flavour::mdns);
  if (!one->read(bytes)) {
    if (!live_.empty() && !one->refusal().empty())
      live_.newest().raise(one->refusal());
    return parse_status::resynchronised;
  }
  live_.add(std::move(one));
  return parse_status::consumed;
}

} // namespace cresset::detect::proto::mdns
