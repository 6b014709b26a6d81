#pragma once

#include "coord/notify/notification.hpp"

namespace cresset::coord::store {
class connection_pool;
}

namespace cresset::coord::store::notify {

/// Notifications in PostgreSQL. Any thread, and any number of servers: what is due is claimed.
class notification_store final : public coord::notify::notification_repository {
public:
  /// The pool outlives the store.
  explicit notification_store(connection_pool& pool) : pool_{pool} {}

  incident::result<std::vector<affected>> owners_of(incident::incident_id id) override;
  incident::result<coord::notify::matter> matter_of(incident::incident_id id,
                                                    const std::string& owner) override;
  incident::result<std::vector<coord::notify::notification_id>> take_numbers(int count) override;
  incident::result<void> queue(const std::vector<coord::notify::notification>& some) override;
  incident::result<std::vector<coord::notify::notification>>
  of_incident(incident::incident_id id) override;
  incident::result<std::vector<coord::notify::notification>>
  list(std::optional<coord::notify::notification_state> state,
       coord::notify::notification_id before, int limit) override;
  incident::result<coord::notify::notification> one(coord::notify::notification_id id) override;
  incident::result<void> retry(coord::notify::notification_id id, const std::string& by,
                               timestamp at) override;
  incident::result<void> cancel(coord::notify::notification_id id, const std::string& by,
                                timestamp at) override;
  incident::result<std::vector<coord::notify::notification>>
  claim(timestamp now, std::chrono::seconds lease, int limit) override;
  incident::result<void> settle(const delivery_report& report) override;
  incident::result<void> mark_fetched(coord::notify::notification_id id, const std::string& peer,
                                      timestamp at) override;
  incident::result<void> take(const coord::notify::answer& given) override;

private:
  connection_pool& pool_;
};

} // namespace cresset::coord::store::notify
