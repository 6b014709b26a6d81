#pragma once

#include "coord/people/repository.hpp"

namespace cresset::coord::store {
class connection_pool;
}

namespace cresset::coord::store::people {

/// Calls that wait for a second person, in PostgreSQL (0012_approvals.sql). Any thread.
class approval_store final : public coord::people::approval_repository {
public:
  using approval = coord::people::approval;
  using approval_id = coord::people::approval_id;

  /// The pool outlives the store.
  explicit approval_store(connection_pool& pool) : pool_{pool} {}

  incident::result<approval_id> ask(const approval& call) override;
  incident::result<approval> one(approval_id id) override;
  incident::result<std::vector<approval>> all(approval_id before, int limit) override;
  incident::result<approval> decide(approval_id id, coord::people::approval_state to,
                                    incident::user_id by, std::string_view by_login,
                                    timestamp at) override;
  incident::result<void> finish(approval_id id, int outcome, timestamp at) override;

private:
  connection_pool& pool_;
};

} // namespace cresset::coord::store::people
