#include "detect/proto/http/parser.hpp"

#include "detect/proto/http/connection.hpp"

namespace cresset::detect::proto::http {

std::unique_ptr<stream_parser> make_parser(const personality& rules, std::uint16_t client_port,
                                           std::uint16_t server_port) {
  return std::make_unique<connection>(rules, client_port, server_port);
}

std::optional<upgraded_request> upgraded_request_of(const stream_parser& before) {
  if (before.protocol() != "http" || before.next().expected != app_protocol::http2)
    return std::nullopt;
  return static_cast<const connection&>(before).upgraded();
}

} // namespace cresset::detect::proto::http
