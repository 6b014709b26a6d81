#pragma once

#include "coord/report/repository.hpp"

namespace cresset::coord::store {
class connection_pool;
}

namespace cresset::coord::store::reports {

/// Reports in PostgreSQL. Any thread.
class report_store final : public report::repository {
public:
  /// The pool outlives the store.
  explicit report_store(connection_pool& pool) : pool_{pool} {}

  incident::result<std::vector<report::report>> queue(const report::queue_query& query) override;
  incident::result<report::report> one(report::report_id id) override;
  incident::result<report::report> enter(const report::new_report& what, const std::string& by,
                                         timestamp now) override;
  incident::result<report::report_decision> decide(const report::decision_request& request,
                                                   timestamp now) override;
  incident::result<std::vector<report::report_decision>> decisions(report::report_id id,
                                                                   int limit) override;

private:
  connection_pool& pool_;
};

} // namespace cresset::coord::store::reports
