#pragma once

#include "coord/indicator/repository.hpp"

namespace cresset::coord::store {
class connection_pool;
}

namespace cresset::coord::store::indicators {

/// Indicators in PostgreSQL. Any thread.
class indicator_store final : public indicator::repository {
public:
  /// The pool outlives the store.
  explicit indicator_store(connection_pool& pool) : pool_{pool} {}

  incident::result<std::vector<indicator::indicator>>
  list(const indicator::list_query& query) override;
  incident::result<indicator::indicator> one(indicator::indicator_id id) override;
  incident::result<indicator::indicator> add(const indicator::new_indicator& what,
                                             const std::string& by, timestamp now) override;
  incident::result<indicator::indicator> withdraw(indicator::indicator_id id,
                                                  const std::string& why, const std::string& by,
                                                  timestamp now) override;
  incident::result<std::vector<indicator::indicator>> in_force(timestamp now) override;
  incident::result<std::int64_t> version() override;
  incident::result<std::vector<indicator::offer>> offers(std::int64_t after, int limit) override;
  incident::result<std::vector<indicator::indicator>>
  accept(const indicator::acceptance& what, const std::string& by, timestamp now) override;
  incident::result<void> decline(std::int64_t number, const std::string& why, const std::string& by,
                                 timestamp now) override;

private:
  connection_pool& pool_;
};

} // namespace cresset::coord::store::indicators
