#pragma once

#include "coord/incident/repository.hpp"
#include "coord/people/approval.hpp"
#include "coord/people/credential.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace cresset::coord::people {

using incident::result;

/// Authenticators, tokens and certificates of accounts. Whatever changes one is journalled in the
/// same transaction; `by` is the login of who did it. Any thread.
class credential_repository {
public:
  virtual ~credential_repository() = default;

  /// Begins anew with a secret not yet confirmed; `refused` when a confirmed one is there.
  virtual result<void> enrol(user_id owner, byte_view sealed, timestamp at) = 0;
  /// `not_found` when the account has none.
  virtual result<second_factor> factor(user_id owner) = 0;
  /// Makes it ask from now on; `step` is that of the first code, `codes` the recovery codes'
  /// digests.
  virtual result<void> confirm(user_id owner, std::int64_t step, std::span<const secret_hash> codes,
                               std::string_view by, timestamp at) = 0;
  /// False when a code of this step or a later one was taken already.
  virtual result<bool> use_step(user_id owner, std::int64_t step) = 0;
  /// False when it is none, or was used.
  virtual result<bool> use_recovery_code(user_id owner, const secret_hash& code, timestamp at) = 0;
  virtual result<void> renew_recovery_codes(user_id owner, std::span<const secret_hash> codes,
                                            std::string_view by, timestamp at) = 0;
  virtual result<void> remove_factor(user_id owner, std::string_view by, timestamp at) = 0;

  /// `refused` beyond `tokens_an_account` or when the name is taken.
  virtual result<token_id> add_token(const api_token& token, const secret_hash& hash,
                                     std::string_view by) = 0;
  virtual result<std::vector<api_token>> tokens_of(user_id owner) = 0;
  /// `not_found` when there is none or it expired. Notes the use, to the minute.
  virtual result<api_token> find_token(const secret_hash& hash, timestamp at) = 0;
  virtual result<void> revoke_token(user_id owner, token_id token, std::string_view by,
                                    timestamp at) = 0;

  /// `refused` when it stands for an account already.
  virtual result<certificate_id> add_certificate(const client_certificate& one,
                                                 std::string_view by) = 0;
  virtual result<std::vector<client_certificate>> certificates_of(user_id owner) = 0;
  /// Whom a certificate stands for: its fingerprint goes before its subject. `not_found` if nobody.
  virtual result<user_id> owner_of(std::string_view fingerprint, std::string_view subject) = 0;
  virtual result<void> remove_certificate(user_id owner, certificate_id one, std::string_view by,
                                          timestamp at) = 0;
};

/// Calls that wait for a second person. Journalled like the above. Any thread.
class approval_repository {
public:
  virtual ~approval_repository() = default;

  /// `refused` beyond `approvals_waiting_an_account`.
  virtual result<approval_id> ask(const approval& call) = 0;
  virtual result<approval> one(approval_id id) = 0;
  /// The latest first, those before `before` (0: from the latest); at most `limit`.
  virtual result<std::vector<approval>> all(approval_id before, int limit) = 0;
  /// From `waiting` to `to`; `refused` when it waits no more or has expired, or when the one who
  /// asked approves.
  virtual result<approval> decide(approval_id id, approval_state to, user_id by,
                                  std::string_view by_login, timestamp at) = 0;
  /// From `approved` to `done`.
  virtual result<void> finish(approval_id id, int outcome, timestamp at) = 0;
};

} // namespace cresset::coord::people
