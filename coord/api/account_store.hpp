#pragma once

#include "coord/api/roles.hpp"
#include "coord/http/login.hpp"
#include "coord/http/router.hpp"
#include "coord/incident/user_repository.hpp"
#include "coord/people/repository.hpp"
#include "coord/people/secret_box.hpp"

#include <mutex>
#include <optional>
#include <string>

namespace cresset::coord::api {

/// How many refusals are written to the journal: a stranger must not fill it. Beyond that they are
/// counted, and the next one written says how many were left out. Not thread safe.
class refusal_allowance {
public:
  static constexpr int at_once = 60;
  static constexpr std::chrono::seconds each{10};

  /// Whether this one is written; `left_out` is how many were not since the last that was.
  bool take(timestamp at, std::uint64_t& left_out);

private:
  int left_ = at_once;
  timestamp filled_;
  std::uint64_t left_out_ = 0;
};

/// Lets sign-in find accounts, sessions and whatever else somebody shows in the repositories, which
/// outlive this object, and writes sign-ins and refusals to the journal. Thread safe.
class account_store : public http::account_source {
public:
  explicit account_store(incident::user_repository& users) : users_{users} {}
  /// Without this nobody has a second factor, a token or a certificate. Start-up only; both outlive
  /// this object.
  void use(coord::people::credential_repository& credentials,
           const coord::people::secret_box& box) noexcept {
    credentials_ = &credentials;
    box_ = &box;
  }

  expected<std::optional<http::account>, std::string> find_account(std::string_view name) override;
  expected<bool, std::string> take_code(const http::account& of, std::string_view code) override;
  expected<void, std::string> keep_session(const http::new_session& begun) override;
  expected<std::optional<http::kept_session>, std::string>
  find_session(const http::session_hash& hash, std::chrono::seconds idle) override;
  expected<void, std::string> drop_session(const http::session_hash& hash) override;
  expected<std::optional<http::account>, std::string> find_token(std::string_view token) override;
  expected<std::optional<http::account>, std::string>
  find_certificate(const http::peer_certificate& shown) override;
  void note_refusal(std::string_view name, std::string_view peer, http::login_refusal why) override;
  /// A call that the rights forbid, for `router::on_forbidden`.
  void note_forbidden(const http::request& r, const http::route& of);

private:
  expected<std::optional<http::account>, std::string> account_of(incident::user_id id);
  void note(std::string_view by, std::string sentence);

  incident::user_repository& users_;
  coord::people::credential_repository* credentials_ = nullptr;
  const coord::people::secret_box* box_ = nullptr;
  std::mutex mutex_; // guards allowance_
  refusal_allowance allowance_;
};

/// What the account may: nothing but change its password while somebody else made it.
http::right_set rights_of(const incident::user& user) noexcept;

/// Four groups of five letters and digits that are not mistaken for each other: about 98 bits.
std::string random_password();

/// On a store without any account: makes "admin", an administrator with a random password, and
/// gives the password, for the operator's eyes once. Nothing when there is an account already.
/// `must_change`: it opens nothing but its change.
incident::result<std::optional<std::string>> make_first_account(incident::user_repository& users,
                                                                bool must_change = false);

} // namespace cresset::coord::api
