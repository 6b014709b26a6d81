#include "detect/proto/http/parser.hpp"

#include "detect/proto/http/connection.hpp"

namespace cresset::detect::proto::http {

std::unique_ptr<stream_parser> make_parser(const personality& rules, std::uint16_t client_port,
                                           std::uint16_t server_port) {
  return std::make_unique<connection>(rules, client_port, server_port);
}

} // namespace cresset::detect::proto::http
