#pragma once

#include "coord/api/routes.hpp"
#include "coord/ingest/ingest_loop.hpp"
#include "coord/server/postgres_keeper.hpp"
#include "coord/server/sensor_desk.hpp"
#include "coord/store/operation/operation_store.hpp"

#include <string>
#include <vector>

namespace cresset::coord::server {

/// Whom a scrape asks. All outlive it; `cluster` is none when the database is somebody else's.
struct measured {
  ingest::ingest_loop& ingest;
  store::operation::operation_store operation;
  const postgres_keeper* cluster;
  sensor_desk& sensors;
  api::partner_board& partners;
  const std::string& state; ///< folder whose disk is watched
};

/// The numbers of ingest, store, correlator, sensors and links; docs/operations.md lists them. When
/// the database does not answer, `cresset_database_up` is 0 and its numbers are left out.
std::vector<api::metric> operation_metrics(const measured& of);

/// Why the server cannot do its work now, in one line; empty when it can. Asks the database.
std::string trouble_of(const measured& of);

/// The least a disk must have free, for the database and for the state folder, before readiness
/// says so.
inline constexpr std::uint64_t least_free_bytes = std::uint64_t{64} << 20;

} // namespace cresset::coord::server
