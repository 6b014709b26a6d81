#include "coord/store/user_store.hpp"

#include "coord/people/journal_kind.hpp"
#include "coord/store/connection_pool.hpp"
#include "coord/store/journal_writer.hpp"
#include "coord/store/sql_text.hpp"
#include "detect/alert/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cresset::coord::store {
using namespace incident;
namespace {

constexpr int users_limit = 1000;
constexpr const char* user_select =
    "SELECT id, login, full_name, password_hash, role, disabled, must_change, "
    "EXISTS (SELECT 1 FROM second_factor f WHERE f.user_id = app_user.id AND f.confirmed), "
    "coalesce(credentials_by, 0), micros(coalesce(credentials_at, 'epoch')) FROM app_user ";
/// A use is written when the last one written is older.
constexpr const char* use_grain = "30 s";

user user_of(const pqxx::row& row) {
  return {{row[0].as<std::int64_t>()},
          row[1].c_str(),
          row[2].c_str(),
          row[3].c_str(),
          static_cast<user_role>(row[4].as<int>()),
          row[5].as<bool>(),
          row[6].as<bool>(),
          row[7].as<bool>(),
          {row[8].as<std::int64_t>()},
          time_of(row[9])};
}

result<user> only(const pqxx::result& rows) {
  if (rows.empty())
    return unexpected{store_error{store_errc::not_found, "there is no such user"}};
  return user_of(rows[0]);
}

session_hash hash_of(const pqxx::field& bytea) {
  session_hash hash{};
  const auto bytes = bytes_of(bytea);
  std::copy_n(bytes.begin(), std::min(bytes.size(), hash.size()), hash.begin());
  return hash;
}

session session_of(const pqxx::row& row) {
  return {{row[0].as<std::int64_t>()}, time_of(row[1]), time_of(row[2]), row[3].c_str(),
          {row[4].as<std::int64_t>()}, time_of(row[5])};
}

void write(pqxx::work& t, std::string_view by, std::string text,
           std::string_view kind = journal::kind::user_changed, timestamp at = now()) {
  journal::event what;
  what.kind = kind;
  what.at = at;
  what.by = by;
  what.text = std::move(text);
  append(t, what);
}

} // namespace

result<user> user_store::find(std::string_view login) {
  return pool_.transact([&](pqxx::work& t) -> result<user> {
    if (!is_login(login))
      return only({});
    return only(t.exec_params(std::string{user_select} + "WHERE login = $1", std::string{login}));
  });
}

result<user> user_store::find(user_id id) {
  return pool_.transact([&](pqxx::work& t) -> result<user> {
    return only(t.exec_params(std::string{user_select} + "WHERE id = $1", id.value));
  });
}

result<std::vector<user>> user_store::all(int limit) {
  return pool_.transact([&](pqxx::work& t) -> result<std::vector<user>> {
    std::vector<user> users;
    for (const auto& row : t.exec_params(std::string{user_select} + "ORDER BY login LIMIT $1",
                                         std::clamp(limit, 1, users_limit)))
      users.push_back(user_of(row));
    return users;
  });
}

result<user_id> user_store::add(const user& account, std::string_view by) {
  return pool_.transact([&](pqxx::work& t) -> result<user_id> {
    if (!is_login(account.login))
      return unexpected{
          store_error{store_errc::refused, "a login has 1 to 64 of a-z, 0-9, '.', '-', '_'"}};
    if (account.full_name.size() > 200 || !detect::alert::is_clean_utf8(account.full_name))
      return unexpected{
          store_error{store_errc::refused, "the full name is too long or not plain text"}};
    const auto made = t.exec_params(
        "INSERT INTO app_user (login, full_name, password_hash, role, disabled, "
        "must_change, credentials_by, credentials_at) VALUES ($1, $2, $3, $4, $5, $6, "
        "(SELECT id FROM app_user WHERE login = $7), now()) "
        "ON CONFLICT (login) DO NOTHING RETURNING id",
        account.login, account.full_name, account.password_hash, static_cast<int>(account.role),
        account.disabled, account.must_change, std::string{by});
    if (made.empty())
      return unexpected{
          store_error{store_errc::refused, fmt::format("the login {} is taken", account.login)}};
    write(t, by, fmt::format("user {} added as {}", account.login, to_string(account.role)));
    return user_id{made[0][0].as<std::int64_t>()};
  });
}

result<void> user_store::change_password(user_id id, std::string password_hash,
                                         std::string_view by) {
  return pool_.transact([&](pqxx::work& t) -> result<void> {
    const auto changed = t.exec_params(
        "UPDATE app_user SET password_hash = $2, must_change = login <> $3, "
        "credentials_by = CASE WHEN login <> $3 "
        "THEN (SELECT o.id FROM app_user o WHERE o.login = $3) ELSE credentials_by END, "
        "credentials_at = CASE WHEN login <> $3 THEN now() ELSE credentials_at END "
        "WHERE id = $1 RETURNING login",
        id.value, password_hash, std::string{by});
    if (changed.empty())
      return unexpected{store_error{store_errc::not_found, "there is no such user"}};
    t.exec_params("DELETE FROM session WHERE user_id = $1", id.value);
    write(t, by, fmt::format("password of {} changed", changed[0][0].as<std::string>()));
    return {};
  });
}

result<void> user_store::change_role(user_id id, user_role role, std::string_view by) {
  return pool_.transact([&](pqxx::work& t) -> result<void> {
    // All administrators, in one order: two who take each other's role take turns.
    const auto administrators = t.exec_params(
        "SELECT id FROM app_user WHERE role = $1 AND NOT disabled ORDER BY id FOR UPDATE",
        static_cast<int>(user_role::administrator));
    if (role != user_role::administrator && administrators.size() == 1 &&
        administrators[0][0].as<std::int64_t>() == id.value)
      return unexpected{store_error{store_errc::refused,
                                    "this is the last administrator: make another one first"}};
    const auto before =
        t.exec_params("SELECT role FROM app_user WHERE id = $1 FOR UPDATE", id.value);
    if (before.empty())
      return unexpected{store_error{store_errc::not_found, "there is no such user"}};
    const auto changed =
        t.exec_params("UPDATE app_user SET role = $2 WHERE id = $1 RETURNING login", id.value,
                      static_cast<int>(role));
    write(t, by,
          fmt::format("role of {} changed from {} to {}", changed[0][0].as<std::string>(),
                      to_string(static_cast<user_role>(before[0][0].as<int>())), to_string(role)));
    return {};
  });
}

result<void> user_store::disable(user_id id, bool disabled, std::string_view by) {
  return pool_.transact([&](pqxx::work& t) -> result<void> {
    const auto changed = t.exec_params(
        "UPDATE app_user SET disabled = $2 WHERE id = $1 RETURNING login", id.value, disabled);
    if (changed.empty())
      return unexpected{store_error{store_errc::not_found, "there is no such user"}};
    if (disabled)
      t.exec_params("DELETE FROM session WHERE user_id = $1", id.value);
    write(t, by,
          fmt::format("user {} {}", changed[0][0].as<std::string>(),
                      disabled ? "disabled" : "enabled"));
    return {};
  });
}

result<bool> user_store::is_empty() {
  return pool_.transact([&](pqxx::work& t) -> result<bool> {
    return t.exec1("SELECT NOT EXISTS (SELECT 1 FROM app_user)")[0].as<bool>();
  });
}

result<void> user_store::begin_session(const session_hash& hash, const session& what) {
  return pool_.transact([&](pqxx::work& t) -> result<void> {
    t.exec_params("INSERT INTO session (hash, user_id, begun, expires, peer, used) "
                  "VALUES ($1::bytea, $2, $3, $4, $5, $3)",
                  sql_bytes(hash), what.user.value, sql_time(what.begun), sql_time(what.expires),
                  what.peer);
    const auto login = t.exec_params1("SELECT login FROM app_user WHERE id = $1", what.user.value);
    write(t, login[0].as<std::string>(), fmt::format("signed in from {}", what.peer),
          coord::people::journal_kind::signed_in, what.begun);
    return {};
  });
}

result<session> user_store::find_session(const session_hash& hash) {
  return use_session(hash, now(), std::chrono::hours{24 * 365});
}

result<session> user_store::use_session(const session_hash& hash, timestamp at,
                                        std::chrono::seconds idle) {
  return pool_.transact([&](pqxx::work& t) -> result<session> {
    const auto found = t.exec_params(
        "SELECT s.user_id, micros(s.begun), micros(s.expires), s.peer, s.id, micros(s.used) "
        "FROM session s JOIN app_user u ON u.id = s.user_id "
        "WHERE s.hash = $1::bytea AND s.expires > $2 AND s.used > $3 AND NOT u.disabled",
        sql_bytes(hash), sql_time(at), sql_time(at - idle));
    if (found.empty())
      return unexpected{store_error{store_errc::not_found, "there is no such session"}};
    t.exec_params("UPDATE session SET used = $2 WHERE hash = $1::bytea AND used < $2::timestamptz "
                  "- $3::interval",
                  sql_bytes(hash), sql_time(at), use_grain);
    return session_of(found[0]);
  });
}

result<void> user_store::end_session(const session_hash& hash) {
  return pool_.transact([&](pqxx::work& t) -> result<void> {
    t.exec_params("DELETE FROM session WHERE hash = $1::bytea", sql_bytes(hash));
    return {};
  });
}

result<std::vector<std::pair<session_hash, session>>> user_store::sessions_of(user_id user) {
  using listed = std::vector<std::pair<session_hash, session>>;
  return pool_.transact([&](pqxx::work& t) -> result<listed> {
    listed all;
    for (const auto& row : t.exec_params(
             "SELECT user_id, micros(begun), micros(expires), peer, id, micros(used), hash "
             "FROM session WHERE user_id = $1 AND expires > now() ORDER BY used DESC, id DESC "
             "LIMIT $2",
             user.value, sessions_shown))
      all.emplace_back(hash_of(row[6]), session_of(row));
    return all;
  });
}

result<session_hash> user_store::end_session(user_id user, session_id id, std::string_view by) {
  return pool_.transact([&](pqxx::work& t) -> result<session_hash> {
    const auto gone =
        t.exec_params("DELETE FROM session s USING app_user u WHERE s.id = $1 "
                      "AND s.user_id = $2 AND u.id = s.user_id RETURNING s.hash, u.login",
                      id.value, user.value);
    if (gone.empty())
      return unexpected{store_error{store_errc::not_found, "there is no such session"}};
    write(t, by, fmt::format("a session of {} ended", gone[0][1].as<std::string>()),
          coord::people::journal_kind::credential_changed);
    return hash_of(gone[0][0]);
  });
}

result<void> user_store::note_refusal(std::string_view by, std::string_view sentence,
                                      timestamp at) {
  return pool_.transact([&](pqxx::work& t) -> result<void> {
    write(t, by, std::string{sentence}, coord::people::journal_kind::refused, at);
    return {};
  });
}

result<int> user_store::sweep_sessions() {
  return pool_.transact([&](pqxx::work& t) -> result<int> {
    return static_cast<int>(t.exec("DELETE FROM session WHERE expires <= now()").affected_rows());
  });
}

} // namespace cresset::coord::store
