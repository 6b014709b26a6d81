#pragma once

#include "coord/alarm/alarm_repository.hpp"

namespace cresset::coord::store {
class connection_pool;
}

namespace cresset::coord::store::alarm {

/// Alarms in PostgreSQL. Any thread.
class alarm_store final : public coord::alarm::alarm_repository {
public:
  static constexpr std::size_t subject_limit_bytes = 300;
  static constexpr std::size_t text_limit_bytes = 2000;

  /// The pool outlives the store.
  explicit alarm_store(connection_pool& pool) : pool_{pool} {}

  incident::result<raised_alarm> raise(const coord::alarm::alarm_cause& cause,
                                       timestamp at) override;
  incident::result<void> clear(coord::alarm::alarm_kind kind, const std::string& subject,
                               timestamp at) override;
  incident::result<std::vector<coord::alarm::alarm>>
  alarms(const coord::alarm::alarm_query& query) override;
  incident::result<coord::alarm::alarm> acknowledge(coord::alarm::alarm_id id, incident::user_id by,
                                                    timestamp at) override;
  incident::result<std::vector<coord::alarm::alarm>> waiting(int limit) override;
  incident::result<void> called(coord::alarm::alarm_id id, int step,
                                const std::vector<coord::alarm::call>& calls) override;
  incident::result<std::vector<coord::alarm::call>> calls_of(coord::alarm::alarm_id id,
                                                             int limit) override;

private:
  connection_pool& pool_;
};

} // namespace cresset::coord::store::alarm
