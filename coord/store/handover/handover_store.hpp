#pragma once

#include "coord/handover/handover_repository.hpp"

namespace cresset::coord::store {
class connection_pool;
}

namespace cresset::coord::store::handover {

/// Hand-overs in PostgreSQL. Any thread.
class handover_store final : public coord::handover::handover_repository {
public:
  /// The pool outlives the store.
  explicit handover_store(connection_pool& pool) : pool_{pool} {}

  incident::result<std::vector<coord::handover::handover>>
  handovers(std::optional<coord::handover::handover_id> after, int limit) override;
  incident::result<coord::handover::handover> last_accepted() override;
  incident::result<coord::handover::handover> write(const std::string& note, incident::user_id by,
                                                    timestamp at) override;
  incident::result<coord::handover::handover> accept(coord::handover::handover_id id,
                                                     incident::user_id by, timestamp at) override;
  incident::result<std::vector<coord::handover::changed_incident>>
  changed_since(std::int64_t after, int limit) override;

private:
  connection_pool& pool_;
};

} // namespace cresset::coord::store::handover
