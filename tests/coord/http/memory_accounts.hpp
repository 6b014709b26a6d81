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
  expected<bool, std::string> take_code(const account& of, std::string_view code) override {
    const auto found = codes.find(of.name);
    if (found == codes.end() || found->second != code)
      return false;
    codes.erase(found); // right once
    return true;
  }
  expected<void, std::string> keep_session(const new_session& begun) override {
    if (broken)
      return unexpected{std::string{"broken"}};
    sessions[begun.hash] = {std::string{begun.name}, begun.lifetime};
    return {};
  }
  expected<std::optional<account>, std::string> find_token(std::string_view token) override {
    ++token_questions;
    const auto found = tokens.find(token);
    return found == tokens.end() ? std::optional<account>{} : accounts[found->second];
  }
  expected<std::optional<account>, std::string>
  find_certificate(const peer_certificate& shown) override {
    const auto found = certificates.find(shown.fingerprint);
    return found == certificates.end() ? std::optional<account>{} : accounts[found->second];
  }
  void note_refusal(std::string_view name, std::string_view, login_refusal why) override {
    refusals.push_back(std::string{name} + " " + std::string{to_string(why)});
  }
  expected<std::optional<kept_session>, std::string> find_session(const session_hash& hash,
                                                                  std::chrono::seconds) override {
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
  std::map<std::string, std::string, std::less<>> codes, tokens, certificates;
  std::vector<std::string> refusals;
  int token_questions = 0;
  bool broken = false;
};

} // namespace cresset::coord::http
