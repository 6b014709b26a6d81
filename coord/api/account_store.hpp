#pragma once

#include "coord/api/roles.hpp"
#include "coord/http/login.hpp"
#include "coord/incident/user_repository.hpp"

#include <optional>
#include <string>

namespace cresset::coord::api {

/// Lets sign-in find accounts and sessions in the users' repository, which outlives this object.
/// Thread safe.
class account_store : public http::account_source {
public:
  explicit account_store(incident::user_repository& users) : users_{users} {}

  expected<std::optional<http::account>, std::string> find_account(std::string_view name) override;
  expected<void, std::string> keep_session(const http::session_hash& hash, std::string_view name,
                                           std::chrono::seconds lifetime) override;
  expected<std::optional<http::kept_session>, std::string>
  find_session(const http::session_hash& hash) override;
  expected<void, std::string> drop_session(const http::session_hash& hash) override;

private:
  incident::user_repository& users_;
};

/// On a store without any account: makes "admin", an administrator with a random password, and
/// gives the password, for the operator's eyes once. Nothing when there is an account already.
incident::result<std::optional<std::string>> make_first_account(incident::user_repository& users);

} // namespace cresset::coord::api
