// The list of protocols with a parser: a new one adds its line to `entries`, and one to `make` if
// it has settings.
#include "detect/proto/catalogue/catalogue.hpp"

#include "detect/proto/dns/parser.hpp"
#include "detect/proto/ftp/parser.hpp"
#include "detect/proto/smtp/parser.hpp"
#include "detect/proto/ssh/parser.hpp"
#include "detect/proto/tls/parser.hpp"

#include <array>

namespace cresset::detect::proto::catalogue {
namespace {

struct entry {
  app_protocol protocol;
  const protocol_description* description;
};

constexpr std::array entries{
    entry{app_protocol::http, &http::description},
    entry{app_protocol::dns, &dns::description},
    entry{app_protocol::tls, &tls::description},
    entry{app_protocol::smtp, &smtp::description},
    entry{app_protocol::ssh, &ssh::description},
    entry{app_protocol::ftp, &ftp::description},
};

constexpr auto protocols = [] {
  std::array<app_protocol, entries.size()> all{};
  for (std::size_t i = 0; i < entries.size(); ++i)
    all[i] = entries[i].protocol;
  return all;
}();

} // namespace

const protocol_description* describe(app_protocol protocol) noexcept {
  for (const auto& one : entries)
    if (one.protocol == protocol)
      return one.description;
  return nullptr;
}

std::span<const app_protocol> parsed() noexcept {
  return protocols;
}

parser_maker::parser_maker(const parser_settings& wanted) : settings_{wanted}, http_{wanted.http} {}

std::unique_ptr<stream_parser> parser_maker::make(app_protocol protocol,
                                                  const flow_hint& flow) const {
  switch (protocol) {
  case app_protocol::http: return http::make_parser(http_, flow.client_port, flow.server_port);
  case app_protocol::dns: return std::make_unique<dns::parser>(flow.over);
  case app_protocol::tls: return std::make_unique<tls::parser>(settings_.tls);
  case app_protocol::smtp: return std::make_unique<smtp::parser>();
  case app_protocol::ssh: return std::make_unique<ssh::parser>(settings_.ssh);
  case app_protocol::ftp: return std::make_unique<ftp::parser>();
  default: return nullptr;
  }
}

} // namespace cresset::detect::proto::catalogue
