#pragma once

#include "coord/http/login.hpp"

#include <map>

namespace cresset::coord::http {

/// Accounts in memory, for tests of this room, which knows no store.
class memory_accounts : public account_source {
public:
  struct session {
    std::string name;
    std::chrono::seconds remaining{0};
  };

  void add(const std::string& name, const std::string& password, right_set rights) {
    accounts[name] = {name, 1, hash_password(password).value(), rights};
  }

  expected<std::optional<account>, std::string> find_account(std::string_view name) override {
    if (broken)
      return unexpected{std::string{"broken"}};
    const auto found = accounts.find(name);
    return found == accounts.end() ? std::optional<account>{} : found->second;
  }
  expected<void, std::string> keep_session(const session_hash& hash, std::string_view name,
                                           std::chrono::seconds lifetime) override {
    if (broken)
      return unexpected{std::string{"broken"}};
    sessions[hash] = {std::string{name}, lifetime};
    return {};
  }
  expected<std::optional<kept_session>, std::string>
  find_session(const session_hash& hash) override {
    if (broken)
      return unexpected{std::string{"broken"}};
    const auto found = sessions.find(hash);
    if (found == sessions.end() || !accounts.contains(found->second.name))
      return std::optional<kept_session>{};
    return std::optional{kept_session{accounts[found->second.name], found->second.remaining}};
  }
  expected<void, std::string> drop_session(const session_hash& hash) override {
    sessions.erase(hash);
    return {};
  }

  std::map<std::string, account, std::less<>> accounts;
  std::map<session_hash, session> sessions;
  bool broken = false;
};

} // namespace cresset::coord::http
