#include "coord/store/migrations.hpp"

#include "coord/store/connection_pool.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <array>

namespace cresset::coord::store {
namespace {

constexpr int advisory_lock = 0x63726573;

std::string checksum(std::string_view text) {
  std::array<unsigned char, crypto_hash_sha256_BYTES> hash{};
  crypto_hash_sha256(hash.data(), reinterpret_cast<const unsigned char*>(text.data()), text.size());
  std::string hex;
  for (const auto byte : hash)
    hex += fmt::format("{:02x}", byte);
  return hex;
}

/// Runs one step, or checks that it ran with this very text. True when it ran now.
expected<void, store_error> run(connection_pool& pool, const migration& step) {
  return pool.transact([&](pqxx::work& t) -> expected<void, store_error> {
    // Held to the end of the transaction: two servers that start at once take turns, step by step.
    t.exec_params("SELECT pg_advisory_xact_lock($1)", advisory_lock);
    const auto known =
        t.exec_params("SELECT checksum FROM schema_migration WHERE number = $1", step.number);
    const auto sum = checksum(step.text);
    if (!known.empty()) {
      if (known[0][0].as<std::string>() != sum)
        return unexpected{store_error{store_errc::refused,
                                      fmt::format("migration {} was changed after it ran here; use "
                                                  "the program that made this database",
                                                  step.name)}};
      return {};
    }
    t.exec(std::string{step.text});
    t.exec_params("INSERT INTO schema_migration (number, name, checksum) VALUES ($1, $2, $3)",
                  step.number, std::string{step.name}, sum);
    return {};
  });
}

expected<int, store_error> version(connection_pool& pool) {
  return pool.transact([&](pqxx::work& t) -> expected<int, store_error> {
    t.exec_params("SELECT pg_advisory_xact_lock($1)", advisory_lock);
    t.exec("CREATE TABLE IF NOT EXISTS schema_migration (number integer PRIMARY KEY, name text NOT "
           "NULL, "
           "checksum text NOT NULL, applied timestamptz NOT NULL DEFAULT now())");
    return t.exec1("SELECT coalesce(max(number), 0) FROM schema_migration")[0].as<int>();
  });
}

} // namespace

expected<int, incident::store_error> migrate(const std::string& url,
                                             std::span<const migration> steps) {
  connection_pool pool{url, 1};
  const auto found = version(pool);
  if (!found)
    return found;
  const int last = steps.empty() ? 0 : steps.back().number;
  if (*found > last)
    return unexpected{store_error{
        store_errc::refused,
        fmt::format("the database is at version {}, this program knows {}; start the newer program",
                    *found, last)}};
  for (const auto& step : steps)
    if (const auto done = run(pool, step); !done)
      return unexpected{done.error()};
  return last;
}

} // namespace cresset::coord::store
