#pragma once

#include "coord/people/repository.hpp"

namespace cresset::coord::store {
class connection_pool;
}

namespace cresset::coord::store::people {

/// Authenticators, tokens and certificates in PostgreSQL (0011_people.sql). Any thread.
class credential_store final : public coord::people::credential_repository {
public:
  template <typename Value>
  using result = incident::result<Value>;
  using user_id = incident::user_id;
  using secret_hash = coord::people::secret_hash;

  /// The pool outlives the store.
  explicit credential_store(connection_pool& pool) : pool_{pool} {}

  result<void> enrol(user_id owner, byte_view sealed, timestamp at) override;
  result<coord::people::second_factor> factor(user_id owner) override;
  result<void> confirm(user_id owner, std::int64_t step, std::span<const secret_hash> codes,
                       std::string_view by, timestamp at) override;
  result<bool> use_step(user_id owner, std::int64_t step) override;
  result<bool> use_recovery_code(user_id owner, const secret_hash& code, timestamp at) override;
  result<void> renew_recovery_codes(user_id owner, std::span<const secret_hash> codes,
                                    std::string_view by, timestamp at) override;
  result<void> remove_factor(user_id owner, std::string_view by, timestamp at) override;

  result<coord::people::token_id> add_token(const coord::people::api_token& token,
                                            const secret_hash& hash, std::string_view by) override;
  result<std::vector<coord::people::api_token>> tokens_of(user_id owner) override;
  result<coord::people::api_token> find_token(const secret_hash& hash, timestamp at) override;
  result<void> revoke_token(user_id owner, coord::people::token_id token, std::string_view by,
                            timestamp at) override;

  result<coord::people::certificate_id>
  add_certificate(const coord::people::client_certificate& one, std::string_view by) override;
  result<std::vector<coord::people::client_certificate>> certificates_of(user_id owner) override;
  result<user_id> owner_of(std::string_view fingerprint, std::string_view subject) override;
  result<void> remove_certificate(user_id owner, coord::people::certificate_id one,
                                  std::string_view by, timestamp at) override;

private:
  connection_pool& pool_;
};

} // namespace cresset::coord::store::people
