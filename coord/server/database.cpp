#include "coord/server/database.hpp"

#include <fmt/format.h>

namespace cresset::coord::server {
namespace {

store::embedded_postgres::options cluster_options(const config& settings) {
  store::embedded_postgres::options how;
  how.folder = settings.state / "postgres";
  how.user = settings.user;
  return how;
}

} // namespace

std::unique_ptr<store::store> open_store(const std::string& url) {
  auto opened = store::store::open(url);
  if (!opened)
    throw std::runtime_error{"database: " + opened.error().text};
  return *std::move(opened);
}

empty_database open_empty_database(const config& settings) {
  empty_database made;
  if (settings.database.empty())
    made.cluster = std::make_unique<postgres_keeper>(cluster_options(settings));
  made.url = made.cluster ? made.cluster->url() : settings.database;
  return made; // pg_restore itself refuses tables that are there
}

database open_database(const config& settings) {
  database made;
  if (settings.database.empty())
    made.cluster = std::make_unique<postgres_keeper>(cluster_options(settings));
  made.store = open_store(made.cluster ? made.cluster->url() : settings.database);
  // What is acknowledged is forgotten by its sensor: it has to be on a disk by then.
  const auto missing = made.store->missing_durability();
  if (!missing)
    throw std::runtime_error{"database: " + missing.error().text};
  if (!missing->empty())
    throw std::runtime_error{
        fmt::format("database: {0} is off, so alerts that sensors forget could be lost: set {0} = "
                    "on in postgresql.conf and reload it",
                    *missing)};
  return made;
}

database borrow_database(const config& settings) {
  if (!settings.database.empty())
    return open_database(settings);
  const auto how = cluster_options(settings);
  if (std::filesystem::exists(store::embedded_postgres::socket_in(how.folder)))
    if (auto running = store::store::open(store::embedded_postgres::url_in(how.folder), 2))
      return {nullptr, *std::move(running)};
  return open_database(settings);
}

} // namespace cresset::coord::server
