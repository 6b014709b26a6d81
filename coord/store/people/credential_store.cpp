#include "coord/store/people/credential_store.hpp"

#include "coord/people/journal_kind.hpp"
#include "coord/store/connection_pool.hpp"
#include "coord/store/journal_writer.hpp"
#include "coord/store/sql_text.hpp"

#include <fmt/format.h>

namespace cresset::coord::store::people {
using namespace coord::people;
using incident::result;
namespace {

constexpr const char* token_select =
    "SELECT id, user_id, name, prefix, scope, micros(made), micros(expires), micros(used) "
    "FROM api_token ";

unexpected<store_error> no(store_errc why, std::string text) {
  return unexpected{store_error{why, std::move(text)}};
}

std::string login_of(pqxx::work& t, user_id id) {
  const auto found = t.exec_params("SELECT login FROM app_user WHERE id = $1", id.value);
  return found.empty() ? "nobody" : found[0][0].as<std::string>();
}

void write(pqxx::work& t, std::string_view by, timestamp at, std::string text) {
  journal::event what;
  what.kind = journal_kind::credential_changed;
  what.at = at;
  what.by = by;
  what.text = std::move(text);
  append(t, what);
}

void put_codes(pqxx::work& t, user_id owner, std::span<const secret_hash> codes) {
  t.exec_params("DELETE FROM recovery_code WHERE user_id = $1", owner.value);
  for (const auto& code : codes)
    t.exec_params("INSERT INTO recovery_code (user_id, digest) VALUES ($1, $2::bytea)", owner.value,
                  sql_bytes(code));
}

api_token token_of(const pqxx::row& row) {
  api_token one;
  one.id = {row[0].as<std::int64_t>()};
  one.owner = {row[1].as<std::int64_t>()};
  one.name = row[2].c_str();
  one.prefix = row[3].c_str();
  one.scope = static_cast<std::uint16_t>(row[4].as<int>());
  one.made = time_of(row[5]);
  one.expires = time_of(row[6]);
  if (!row[7].is_null())
    one.used = time_of(row[7]);
  return one;
}

/// Holds the account's row to the end, so that a limit counted behind it holds.
bool lock_account(pqxx::work& t, user_id owner) {
  return !t.exec_params("SELECT 1 FROM app_user WHERE id = $1 FOR UPDATE", owner.value).empty();
}

std::int64_t number_of(pqxx::work& t, const char* sql, user_id owner) {
  return t.exec_params1(sql, owner.value)[0].as<std::int64_t>();
}

} // namespace

result<void> credential_store::enrol(user_id owner, byte_view sealed, timestamp at) {
  return pool_.transact([&](pqxx::work& t) -> result<void> {
    const auto put = t.exec_params(
        "INSERT INTO second_factor (user_id, sealed, made) VALUES ($1, $2::bytea, $3) "
        "ON CONFLICT (user_id) DO UPDATE SET sealed = excluded.sealed, made = excluded.made, "
        "used_step = 0 WHERE NOT second_factor.confirmed",
        owner.value, sql_bytes(sealed), sql_time(at));
    if (put.affected_rows() == 0)
      return no(store_errc::refused, "there is a second factor already: take it away first");
    return {};
  });
}

result<second_factor> credential_store::factor(user_id owner) {
  return pool_.transact([&](pqxx::work& t) -> result<second_factor> {
    const auto found =
        t.exec_params("SELECT sealed, confirmed, used_step, (SELECT count(*) FROM recovery_code r "
                      "WHERE r.user_id = f.user_id) FROM second_factor f WHERE user_id = $1",
                      owner.value);
    if (found.empty())
      return no(store_errc::not_found, "the account has no second factor");
    return second_factor{bytes_of(found[0][0]), found[0][1].as<bool>(),
                         found[0][2].as<std::int64_t>(), found[0][3].as<int>()};
  });
}

result<void> credential_store::confirm(user_id owner, std::int64_t step,
                                       std::span<const secret_hash> codes, std::string_view by,
                                       timestamp at) {
  return pool_.transact([&](pqxx::work& t) -> result<void> {
    const auto done = t.exec_params("UPDATE second_factor SET confirmed = true, used_step = $2 "
                                    "WHERE user_id = $1 AND NOT confirmed",
                                    owner.value, step);
    if (done.affected_rows() == 0)
      return no(store_errc::refused, "there is no second factor that waits for its first code");
    put_codes(t, owner, codes);
    write(t, by, at, fmt::format("second factor of {} confirmed", login_of(t, owner)));
    return {};
  });
}

result<bool> credential_store::use_step(user_id owner, std::int64_t step) {
  return pool_.transact([&](pqxx::work& t) -> result<bool> {
    return t.exec_params("UPDATE second_factor SET used_step = $2 "
                         "WHERE user_id = $1 AND confirmed AND used_step < $2",
                         owner.value, step)
               .affected_rows() == 1;
  });
}

result<bool> credential_store::use_recovery_code(user_id owner, const secret_hash& code,
                                                 timestamp at) {
  return pool_.transact([&](pqxx::work& t) -> result<bool> {
    const bool used = t.exec_params("DELETE FROM recovery_code r USING second_factor f "
                                    "WHERE r.user_id = $1 AND r.digest = $2::bytea "
                                    "AND f.user_id = r.user_id AND f.confirmed",
                                    owner.value, sql_bytes(code))
                          .affected_rows() == 1;
    if (used) {
      const auto login = login_of(t, owner);
      write(t, login, at, fmt::format("a recovery code of {} used", login));
    }
    return used;
  });
}

result<void> credential_store::renew_recovery_codes(user_id owner,
                                                    std::span<const secret_hash> codes,
                                                    std::string_view by, timestamp at) {
  return pool_.transact([&](pqxx::work& t) -> result<void> {
    const auto found = t.exec_params(
        "SELECT 1 FROM second_factor WHERE user_id = $1 AND confirmed FOR UPDATE", owner.value);
    if (found.empty())
      return no(store_errc::refused, "the account has no second factor");
    put_codes(t, owner, codes);
    write(t, by, at, fmt::format("recovery codes of {} made anew", login_of(t, owner)));
    return {};
  });
}

result<void> credential_store::remove_factor(user_id owner, std::string_view by, timestamp at) {
  return pool_.transact([&](pqxx::work& t) -> result<void> {
    const auto gone = t.exec_params(
        "DELETE FROM second_factor WHERE user_id = $1 RETURNING confirmed", owner.value);
    if (gone.empty())
      return no(store_errc::not_found, "the account has no second factor");
    if (gone[0][0].as<bool>())
      write(t, by, at, fmt::format("second factor of {} taken away", login_of(t, owner)));
    return {};
  });
}

result<token_id> credential_store::add_token(const api_token& token, const secret_hash& hash,
                                             std::string_view by) {
  return pool_.transact([&](pqxx::work& t) -> result<token_id> {
    if (!lock_account(t, token.owner))
      return no(store_errc::not_found, "there is no such user");
    t.exec_params("DELETE FROM api_token WHERE user_id = $1 AND expires <= $2", token.owner.value,
                  sql_time(token.made));
    if (number_of(t, "SELECT count(*) FROM api_token WHERE user_id = $1", token.owner) >=
        tokens_an_account)
      return no(store_errc::refused,
                fmt::format("an account has at most {} tokens: revoke one", tokens_an_account));
    const auto made =
        t.exec_params("INSERT INTO api_token (user_id, name, prefix, hash, scope, made, expires) "
                      "VALUES ($1, $2, $3, $4::bytea, $5, $6, $7) ON CONFLICT (user_id, name) DO "
                      "NOTHING RETURNING id",
                      token.owner.value, token.name, token.prefix, sql_bytes(hash),
                      int{token.scope}, sql_time(token.made), sql_time(token.expires));
    if (made.empty())
      return no(store_errc::refused, "there is a token of that name: revoke it or choose another");
    write(t, by, token.made,
          fmt::format("token {} of {} made", token.prefix, login_of(t, token.owner)));
    return token_id{made[0][0].as<std::int64_t>()};
  });
}

result<std::vector<api_token>> credential_store::tokens_of(user_id owner) {
  return pool_.transact([&](pqxx::work& t) -> result<std::vector<api_token>> {
    std::vector<api_token> all;
    for (const auto& row :
         t.exec_params(std::string{token_select} + "WHERE user_id = $1 ORDER BY id", owner.value))
      all.push_back(token_of(row));
    return all;
  });
}

result<api_token> credential_store::find_token(const secret_hash& hash, timestamp at) {
  return pool_.transact([&](pqxx::work& t) -> result<api_token> {
    const auto found =
        t.exec_params(std::string{token_select} + "WHERE hash = $1::bytea AND expires > $2",
                      sql_bytes(hash), sql_time(at));
    if (found.empty())
      return no(store_errc::not_found, "there is no such token");
    t.exec_params("UPDATE api_token SET used = $2 WHERE id = $1 "
                  "AND (used IS NULL OR used < $2::timestamptz - interval '1 minute')",
                  found[0][0].as<std::int64_t>(), sql_time(at));
    return token_of(found[0]);
  });
}

result<void> credential_store::revoke_token(user_id owner, token_id token, std::string_view by,
                                            timestamp at) {
  return pool_.transact([&](pqxx::work& t) -> result<void> {
    const auto gone =
        t.exec_params("DELETE FROM api_token WHERE id = $1 AND user_id = $2 RETURNING prefix",
                      token.value, owner.value);
    if (gone.empty())
      return no(store_errc::not_found, "there is no such token");
    write(t, by, at,
          fmt::format("token {} of {} revoked", gone[0][0].as<std::string>(), login_of(t, owner)));
    return {};
  });
}

result<certificate_id> credential_store::add_certificate(const client_certificate& one,
                                                         std::string_view by) {
  return pool_.transact([&](pqxx::work& t) -> result<certificate_id> {
    if (!lock_account(t, one.owner))
      return no(store_errc::not_found, "there is no such user");
    if (number_of(t, "SELECT count(*) FROM client_certificate WHERE user_id = $1", one.owner) >=
        certificates_an_account)
      return no(store_errc::refused,
                fmt::format("an account has at most {} certificates", certificates_an_account));
    const auto made = t.exec_params(
        "INSERT INTO client_certificate (user_id, fingerprint, subject, added) "
        "VALUES ($1, nullif($2, ''), nullif($3, ''), $4) ON CONFLICT DO NOTHING RETURNING id",
        one.owner.value, one.fingerprint, one.subject, sql_time(one.added));
    if (made.empty())
      return no(store_errc::refused, "this certificate stands for an account already");
    write(t, by, one.added,
          fmt::format("a client certificate for {} added", login_of(t, one.owner)));
    return certificate_id{made[0][0].as<std::int64_t>()};
  });
}

result<std::vector<client_certificate>> credential_store::certificates_of(user_id owner) {
  return pool_.transact([&](pqxx::work& t) -> result<std::vector<client_certificate>> {
    std::vector<client_certificate> all;
    for (const auto& row : t.exec_params(
             "SELECT id, user_id, coalesce(fingerprint, ''), coalesce(subject, ''), micros(added) "
             "FROM client_certificate WHERE user_id = $1 ORDER BY id",
             owner.value))
      all.push_back({{row[0].as<std::int64_t>()},
                     {row[1].as<std::int64_t>()},
                     row[2].c_str(),
                     row[3].c_str(),
                     time_of(row[4])});
    return all;
  });
}

result<user_id> credential_store::owner_of(std::string_view fingerprint, std::string_view subject) {
  return pool_.transact([&](pqxx::work& t) -> result<user_id> {
    const auto found = t.exec_params(
        "SELECT user_id FROM client_certificate WHERE fingerprint = $1 OR subject = $2 "
        "ORDER BY fingerprint IS NULL LIMIT 1",
        std::string{fingerprint}, std::string{subject});
    if (found.empty())
      return no(store_errc::not_found, "the certificate stands for nobody");
    return user_id{found[0][0].as<std::int64_t>()};
  });
}

result<void> credential_store::remove_certificate(user_id owner, certificate_id one,
                                                  std::string_view by, timestamp at) {
  return pool_.transact([&](pqxx::work& t) -> result<void> {
    if (t.exec_params("DELETE FROM client_certificate WHERE id = $1 AND user_id = $2", one.value,
                      owner.value)
            .affected_rows() == 0)
      return no(store_errc::not_found, "there is no such certificate");
    write(t, by, at, fmt::format("a client certificate for {} taken away", login_of(t, owner)));
    return {};
  });
}

} // namespace cresset::coord::store::people
