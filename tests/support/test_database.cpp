#include "tests/support/test_database.hpp"

#include "coord/store/connection_pool.hpp"
#include "coord/store/migrations.hpp"
#include "coord/store/partitions.hpp"

#include <fmt/format.h>
#include <pqxx/pqxx>

#include <cstdlib>
#include <stdexcept>

// libpqxx 6.4 forgets the result of a query whose connection broke in the middle.
extern "C" const char* __lsan_default_suppressions() { return "leak:libpqxx"; }

namespace cresset::tests {
namespace {

std::string url_of(const coord::store::embedded_postgres& postgres, const std::string& database) {
  const auto url = postgres.url();
  return url.substr(0, url.find("dbname=")) + "dbname=" + database;
}

void execute(const std::string& url, const std::string& statement) {
  pqxx::connection connection{url};
  pqxx::nontransaction run{connection};
  run.exec(statement);
}

} // namespace

scratch_folder::scratch_folder() {
  std::string name = "/tmp/cresset-XXXXXX";
  if (::mkdtemp(name.data()) == nullptr)
    throw std::runtime_error{"no scratch folder"};
  path_ = name;
  std::filesystem::permissions(path_, std::filesystem::perms{0755});
}

scratch_folder::~scratch_folder() {
  std::error_code error;
  std::filesystem::remove_all(path_, error);
}

test_cluster& test_cluster::instance() {
  static test_cluster cluster;
  return cluster;
}

test_cluster::test_cluster() {
  coord::store::embedded_postgres::options how;
  how.folder = folder_.path() / "pg";
  how.durable = false;
  how.shared_buffers_mib = 32;
  postgres_ = std::make_unique<coord::store::embedded_postgres>(how);
}

std::string test_cluster::empty_database() {
  const auto name = fmt::format("test_{}", ++made_);
  execute(postgres_->url(), "CREATE DATABASE " + name);
  return url_of(*postgres_, name);
}

std::string test_cluster::fresh_database() {
  using namespace coord::store;
  if (!has_template_) {
    execute(postgres_->url(), "CREATE DATABASE whole");
    const auto url = url_of(*postgres_, "whole");
    if (const auto done = migrate(url, embedded_migrations()); !done)
      throw std::runtime_error{done.error().text};
    connection_pool pool{url, 1};
    if (const auto done = make_partitions(pool, std::chrono::floor<std::chrono::days>(now()));
        !done)
      throw std::runtime_error{done.error().text};
    has_template_ = true;
  }
  const auto name = fmt::format("test_{}", ++made_);
  execute(postgres_->url(), "CREATE DATABASE " + name + " TEMPLATE whole");
  return url_of(*postgres_, name);
}

} // namespace cresset::tests
