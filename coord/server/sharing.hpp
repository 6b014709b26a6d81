#pragma once

#include "coord/federation/exchange.hpp"
#include "coord/federation/release.hpp"
#include "coord/server/config.hpp"
#include "coord/store/federation_store.hpp"

namespace cresset::coord::server {

/// All that shares with partners: who we are, whom we know, what may leave, the streams and the
/// links. Made only when the configuration names an identity.
///
///   identity folder: record (our newest key record), signing.key, transport.key; the offline
///   identity.key need not be there
class sharing {
public:
  /// Throws std::runtime_error with one line that names the file and the remedy.
  sharing(const config& settings, store::connection_pool& pool);

  const federation::own_identity self;
  federation::peer_directory peers;
  const egress::gate gate;
  store::federation_store streams;
  federation::release_desk desk;
  federation::exchange links;
};

/// The names of the files in an identity folder.
inline constexpr const char* record_file = "record";
inline constexpr const char* identity_file = "identity.key";
inline constexpr const char* signing_file = "signing.key";
inline constexpr const char* transport_file = "transport.key";

} // namespace cresset::coord::server
