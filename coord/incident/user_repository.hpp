#pragma once

#include "coord/incident/repository.hpp"

#include <array>
#include <string>
#include <string_view>

namespace cresset::coord::incident {

/// What an account is for; which rights that gives is the API's matrix (`coord/api/roles.hpp`). The
/// numbers are stored. "partner" is the liaison of another CIRT.
enum class user_role : std::uint8_t {
  viewer = 0,
  analyst = 1,
  shift_lead = 2,
  administrator = 3,
  system_operator = 4,
  auditor = 5,
  partner = 6
};
inline constexpr std::size_t user_role_count = 7;

struct user {
  user_id id;
  /// Lower case letters, digits, '.', '-', '_'; at most 64.
  std::string login;
  std::string full_name;
  /// What crypto_pwhash_str (Argon2id) made; never leaves the server.
  std::string password_hash;
  user_role role = user_role::viewer;
  bool disabled = false;
  /// The password was made by somebody else: until it is changed it opens nothing but its change.
  bool must_change = false;
  /// An authenticator was confirmed; read, never written.
  bool has_second_factor = false;
  /// Who made the account or set its password last, if not its owner; and when.
  user_id credentials_by{};
  timestamp credentials_at{};
};

/// SHA-256 of the session's secret: the store never sees the secret itself.
using session_hash = std::array<std::byte, 32>;

using session_id = number_id<struct session_tag>;

struct session {
  user_id user;
  timestamp begun;
  timestamp expires;
  /// Address of the client that began it.
  std::string peer{};
  session_id id{};
  /// To the half minute.
  timestamp used{};
};

inline constexpr int sessions_shown = 100;

/// Users and their sessions. Hashing a password is the caller's work (it costs a core for a good
/// moment).
class user_repository {
public:
  virtual ~user_repository() = default;

  virtual result<user> find(std::string_view login) = 0;
  virtual result<user> find(user_id id) = 0;
  virtual result<std::vector<user>> all(int limit) = 0;
  /// `refused` when the login is taken or malformed. `by` names who did it in the journal ("first
  /// start" for the first).
  virtual result<user_id> add(const user& account, std::string_view by) = 0;
  /// By anybody but the owner it has to be changed at the next sign-in; see `user::must_change`.
  /// Ends the account's sessions.
  virtual result<void> change_password(user_id id, std::string password_hash,
                                       std::string_view by) = 0;
  /// `refused` when it would leave nobody who may say who may do what.
  virtual result<void> change_role(user_id id, user_role role, std::string_view by) = 0;
  virtual result<void> disable(user_id id, bool disabled, std::string_view by) = 0;
  /// Counted, not scanned: whether any account is there.
  virtual result<bool> is_empty() = 0;

  /// Journalled: somebody signed in.
  virtual result<void> begin_session(const session_hash& hash, const session& what) = 0;
  /// `not_found` when there is none, it has expired, or its user is disabled.
  virtual result<session> find_session(const session_hash& hash) = 0;
  /// The same, and counts as use at `at`; `not_found` too when the last use is `idle` ago.
  virtual result<session> use_session(const session_hash& hash, timestamp at,
                                      std::chrono::seconds idle) = 0;
  virtual result<void> end_session(const session_hash& hash) = 0;
  /// The account's sessions that have not expired, the latest used first; at most `sessions_shown`.
  virtual result<std::vector<std::pair<session_hash, session>>> sessions_of(user_id user) = 0;
  /// One of the account's sessions, by its number; gives what it was found by.
  virtual result<session_hash> end_session(user_id user, session_id id, std::string_view by) = 0;
  /// A try to sign in that was not let in, or a call that the rights forbid, for the journal:
  /// one sentence, with what a stranger typed left out.
  virtual result<void> note_refusal(std::string_view by, std::string_view sentence,
                                    timestamp at) = 0;
};

/// Whether the text can be a login.
bool is_login(std::string_view text) noexcept;
std::string_view to_string(user_role role) noexcept;
/// Takes "shift_lead" and "administrator" too, the words of two roles until there were seven.
std::optional<user_role> user_role_from(std::string_view word) noexcept;

} // namespace cresset::coord::incident
