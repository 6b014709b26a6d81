#pragma once

#include "coord/incident/user_repository.hpp"

namespace cresset::coord::store {

class connection_pool;

/// Users and sessions in PostgreSQL. Any thread.
class user_store final : public incident::user_repository {
public:
  /// The pool outlives the store.
  explicit user_store(connection_pool& pool) : pool_{pool} {}

  incident::result<incident::user> find(std::string_view login) override;
  incident::result<incident::user> find(incident::user_id id) override;
  incident::result<std::vector<incident::user>> all(int limit) override;
  incident::result<incident::user_id> add(const incident::user& account,
                                          std::string_view by) override;
  incident::result<void> change_password(incident::user_id id, std::string password_hash,
                                         std::string_view by) override;
  incident::result<void> change_role(incident::user_id id, incident::user_role role,
                                     std::string_view by) override;
  incident::result<void> disable(incident::user_id id, bool disabled, std::string_view by) override;
  incident::result<bool> is_empty() override;
  incident::result<void> begin_session(const incident::session_hash& hash,
                                       const incident::session& what) override;
  incident::result<incident::session> find_session(const incident::session_hash& hash) override;
  incident::result<incident::session> use_session(const incident::session_hash& hash, timestamp at,
                                                  std::chrono::seconds idle) override;
  incident::result<void> end_session(const incident::session_hash& hash) override;
  incident::result<std::vector<std::pair<incident::session_hash, incident::session>>>
  sessions_of(incident::user_id user) override;
  incident::result<incident::session_hash>
  end_session(incident::user_id user, incident::session_id id, std::string_view by) override;
  incident::result<void> note_refusal(std::string_view by, std::string_view sentence,
                                      timestamp at) override;

  /// Deletes sessions that have expired; gives how many.
  incident::result<int> sweep_sessions();

private:
  connection_pool& pool_;
};

} // namespace cresset::coord::store
