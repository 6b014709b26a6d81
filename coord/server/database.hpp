#pragma once

#include "coord/server/config.hpp"
#include "coord/store/embedded_postgres.hpp"
#include "coord/store/store.hpp"

#include <memory>

namespace cresset::coord::server {

/// The database that the configuration names, or the private cluster in the state folder.
struct database {
  std::unique_ptr<store::embedded_postgres> cluster; ///< none for a database of somebody else
  std::unique_ptr<store::store> store;
};

/// For the server: a private cluster is its own, and a second server on the folder is refused.
/// Throws std::runtime_error with one line.
database open_database(const config& settings);
/// For a command: uses the cluster of a server that runs, else starts it for the moment. Throws
/// likewise.
database borrow_database(const config& settings);

} // namespace cresset::coord::server
