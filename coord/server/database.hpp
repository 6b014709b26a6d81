#pragma once

#include "coord/server/config.hpp"
#include "coord/server/postgres_keeper.hpp"
#include "coord/store/store.hpp"

#include <memory>

namespace cresset::coord::server {

/// The database that the configuration names, or the private cluster in the state folder.
struct database {
  std::unique_ptr<postgres_keeper> cluster; ///< none for a database of somebody else
  std::unique_ptr<store::store> store;
};

/// For the server: a private cluster is its own, and a second server on the folder is refused.
/// Throws std::runtime_error with one line.
database open_database(const config& settings);
/// A database for a restore, without a schema: a new private cluster, or the one that the
/// configuration names, which must hold no tables. Throws likewise.
struct empty_database {
  std::unique_ptr<postgres_keeper> cluster;
  std::string url;
};
empty_database open_empty_database(const config& settings);
/// Brings the schema to this program's version. Throws likewise.
std::unique_ptr<store::store> open_store(const std::string& url);

/// For a command: uses the cluster of a server that runs, else starts it for the moment. Throws
/// likewise.
database borrow_database(const config& settings);

} // namespace cresset::coord::server
