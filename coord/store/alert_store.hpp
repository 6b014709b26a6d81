#pragma once

#include "coord/incident/address_book.hpp"
#include "coord/ingest/alert_store.hpp"
#include "coord/store/alert_knowledge.hpp"
#include "coord/store/partitions.hpp"

#include <mutex>
#include <optional>

namespace cresset::coord::store {

/// Takes alerts into the database: docs/database.md, "Taking alerts". One thread at a time.
class alert_store final : public ingest::alert_store {
public:
  /// The pool outlives the store.
  explicit alert_store(connection_pool& pool) : pool_{pool} {}
  /// Before the first `commit`: where it is looked up whose an address is. Outlives the store.
  void use(const incident::address_books& books) noexcept { books_ = &books; }

  expected<std::uint64_t, ingest::store_error>
  cursor(ingest::sensor_id sensor, const detect::alert::epoch_id& epoch) override;
  expected<std::vector<ingest::run_outcome>, ingest::store_error>
  commit(std::span<const ingest::alert_run> runs) override;

  /// Alerts taken from now on are compared with these indicators. Any thread.
  void watch(std::shared_ptr<const indicator::indicator_set> watched);

private:
  expected<void, store_error> make_days(std::span<const ingest::alert_run> runs);

  connection_pool& pool_;
  const incident::address_books* books_ = nullptr;
  /// Days for which partitions are known to be there.
  std::optional<day> first_day_;
  day last_day_{};
  rule_revisions rules_told_;
  std::mutex watched_mutex_;
  std::shared_ptr<const indicator::indicator_set> watched_;
};

} // namespace cresset::coord::store
