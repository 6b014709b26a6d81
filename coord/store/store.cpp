#include "coord/store/store.hpp"

#include "coord/store/connection_pool.hpp"
#include "coord/store/migrations.hpp"

namespace cresset::coord::store {

incident::result<std::unique_ptr<store>> store::open(const std::string& url,
                                                     std::size_t connections) {
  if (const auto done = migrate(url, embedded_migrations()); !done)
    return unexpected{done.error()};
  std::unique_ptr<store> opened{new store{std::make_unique<connection_pool>(url, connections)}};
  const auto today = std::chrono::floor<std::chrono::days>(now());
  if (const auto made = make_partitions(*opened->pool_, today); !made)
    return unexpected{made.error()};
  return opened;
}

store::store(std::unique_ptr<connection_pool> pool)
    : pool_{std::move(pool)}, alerts{*pool_}, audit{*pool_},
      correlation{*pool_}, groups{*pool_}, incidents{*pool_}, sensors{*pool_}, users{*pool_} {}

store::~store() = default;

incident::result<std::string> store::missing_durability() {
  return pool_->transact([](pqxx::work& t) -> incident::result<std::string> {
    for (const auto* const setting : {"fsync", "full_page_writes", "synchronous_commit"}) {
      const auto value = t.exec1(std::string{"SHOW "} + setting)[0].as<std::string>();
      if (value == "off" || value == "local")
        return std::string{setting};
    }
    return std::string{};
  });
}

const std::string& store::url() const noexcept {
  return pool_->url();
}

incident::result<void> store::maintain(timestamp now, partition_retention keep) {
  const auto today = std::chrono::floor<std::chrono::days>(now);
  if (const auto made = make_partitions(*pool_, today); !made)
    return made;
  if (const auto expired = expire_partitions(*pool_, now, keep); !expired)
    return unexpected{expired.error()};
  if (const auto trimmed = correlation.trim(); !trimmed)
    return unexpected{trimmed.error()};
  if (const auto swept = users.sweep_sessions(); !swept)
    return unexpected{swept.error()};
  return {};
}

} // namespace cresset::coord::store
