#pragma once

#include "coord/incident/correlator_log.hpp"

namespace cresset::coord::store {

class connection_pool;

/// The correlator's place in PostgreSQL. Any thread.
class correlator_store final : public incident::correlator_log {
public:
  /// The pool outlives the store.
  explicit correlator_store(connection_pool& pool) : pool_{pool} {}

  incident::result<std::int64_t> lead(const std::string& holder) override;
  incident::result<void> resign(const std::string& holder) override;
  incident::result<incident::change_position> position() override;
  incident::result<incident::change_position> replay_from() override;
  incident::result<std::vector<incident::group_change>> changes(incident::change_position after,
                                                                int limit) override;
  incident::result<std::vector<std::string>>
  apply(std::int64_t term, incident::change_position up_to,
        std::span<const incident::correlator_action> actions) override;
  incident::result<std::vector<std::string>>
  missing(std::span<const std::string> correlations) override;
  incident::result<std::int64_t> trim() override;

private:
  connection_pool& pool_;
};

} // namespace cresset::coord::store
