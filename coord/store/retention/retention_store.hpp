#pragma once

#include "coord/retention/retention_repository.hpp"

namespace cresset::coord::store {
class connection_pool;
}

namespace cresset::coord::store::retention {

/// Holds, custody and erasure in PostgreSQL. Any thread.
class retention_store final : public coord::retention::retention_repository {
public:
  /// The pool outlives the store.
  explicit retention_store(connection_pool& pool) : pool_{pool} {}

  incident::result<std::vector<coord::retention::legal_hold>>
  holds(bool standing_only, coord::retention::hold_id before, int limit) override;
  incident::result<coord::retention::legal_hold> place(const coord::retention::hold_request& wanted,
                                                       timestamp at) override;
  incident::result<coord::retention::legal_hold> lift(coord::retention::hold_id id,
                                                      const std::string& reason,
                                                      incident::user_id by, timestamp at) override;
  incident::result<std::vector<coord::retention::retention_run>> runs() override;
  incident::result<std::vector<coord::retention::custody_record>>
  custody(incident::alert_position alert) override;
  incident::result<coord::retention::erasure> erase_journal_body(std::int64_t sequence,
                                                                 const std::string& reason,
                                                                 const std::string& by,
                                                                 timestamp at) override;
  incident::result<coord::retention::erasure> erase_evidence(incident::alert_position alert,
                                                             const std::string& reason,
                                                             const std::string& by,
                                                             timestamp at) override;

private:
  connection_pool& pool_;
};

} // namespace cresset::coord::store::retention
