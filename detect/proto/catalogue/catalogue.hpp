#pragma once

#include "detect/proto/app_protocol.hpp"
#include "detect/proto/dcerpc/settings.hpp"
#include "detect/proto/dhcp/settings.hpp"
#include "detect/proto/file_meter.hpp"
#include "detect/proto/http/parser.hpp"
#include "detect/proto/http2/settings.hpp"
#include "detect/proto/identify.hpp"
#include "detect/proto/ldap/settings.hpp"
#include "detect/proto/mqtt/settings.hpp"
#include "detect/proto/nfs/settings.hpp"
#include "detect/proto/pgsql/settings.hpp"
#include "detect/proto/smb/settings.hpp"
#include "detect/proto/smtp/settings.hpp"
#include "detect/proto/ssh/settings.hpp"
#include "detect/proto/stream_parser.hpp"
#include "detect/proto/tls/settings.hpp"
#include "detect/proto/websocket/settings.hpp"

#include <bitset>
#include <memory>
#include <span>

namespace cresset::detect::proto {

/// What the configuration says to the parsers, all with the defaults of the field.
struct parser_settings {
  http::settings http;
  http2::settings http2;
  tls::settings tls;
  ssh::settings ssh;
  mqtt::settings mqtt;
  ldap::settings ldap;
  dcerpc::settings dcerpc;
  smb::settings smb;
  nfs::settings nfs;
  pgsql::settings pgsql;
  websocket::settings websocket;
  smtp::settings smtp;
  file_settings files; ///< for every protocol that carries files
  std::bitset<app_protocol_count>
      frames; ///< of these protocols rules or the event log ask for frames
  dhcp::settings dhcp;
};

} // namespace cresset::detect::proto

namespace cresset::detect::proto::catalogue {

/// Buffers and fields of a protocol; null for one that is recognised but not parsed.
const protocol_description* describe(app_protocol protocol) noexcept;
/// All protocols with a parser.
std::span<const app_protocol> parsed() noexcept;

/// Where a flow's protocol comes from, if not from its first bytes.
struct origin {
  const stream_parser* before = nullptr; ///< whose protocol the flow left for this one
  std::shared_ptr<const announced> by{}; ///< what another flow said of this one
};

/// Makes parsers. Made once at start-up, immutable, shared by all workers; it outlives the parsers
/// it makes.
class parser_maker {
public:
  explicit parser_maker(const parser_settings& wanted);

  /// A new parser for one flow; null for a protocol without one.
  std::unique_ptr<stream_parser> make(app_protocol protocol, const flow_hint& flow,
                                      const origin& from = {}) const;

  /// How many bytes of each direction are followed of a flow of this protocol, 0 for all; nothing
  /// where it is the general depth.
  std::optional<std::uint64_t> stream_depth_bytes(app_protocol protocol) const noexcept;

private:
  parser_settings settings_;
  http::personality http_;
};

} // namespace cresset::detect::proto::catalogue
