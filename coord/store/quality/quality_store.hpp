#pragma once

#include "coord/quality/repository.hpp"

namespace cresset::coord::store {
class connection_pool;
}

namespace cresset::coord::store::quality {

/// Rule quality and suppressions in PostgreSQL. Any thread.
class quality_store final : public coord::quality::repository {
public:
  /// The pool outlives the store.
  explicit quality_store(connection_pool& pool) : pool_{pool} {}

  incident::result<std::vector<coord::quality::rule_quality>>
  rules(const coord::quality::quality_query& query) override;
  incident::result<coord::quality::rule_quality> rule(std::uint32_t gid,
                                                      std::uint32_t sid) override;
  incident::result<std::optional<coord::quality::suppression_offer>>
  offer(std::uint32_t gid, std::uint32_t sid) override;
  incident::result<std::vector<coord::quality::suppression>>
  suppressions(bool ended, coord::quality::suppression_id before, int limit) override;
  incident::result<coord::quality::suppression> one(coord::quality::suppression_id id) override;
  incident::result<coord::quality::suppression> add(const coord::quality::suppression& what,
                                                    timestamp now) override;
  incident::result<coord::quality::suppression>
  withdraw(coord::quality::suppression_id id, const std::string& by, timestamp now) override;
  incident::result<coord::quality::suppressions_in_force> in_force(timestamp now) override;

private:
  connection_pool& pool_;
};

} // namespace cresset::coord::store::quality
