#include "coord/store/user_store.hpp"

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
    "SELECT id, login, full_name, password_hash, role, disabled FROM app_user ";

user user_of(const pqxx::row& row) {
  return {{row[0].as<std::int64_t>()},
          row[1].c_str(),
          row[2].c_str(),
          row[3].c_str(),
          static_cast<user_role>(row[4].as<int>()),
          row[5].as<bool>()};
}

result<user> only(const pqxx::result& rows) {
  if (rows.empty())
    return unexpected{store_error{store_errc::not_found, "there is no such user"}};
  return user_of(rows[0]);
}

void write(pqxx::work& t, std::string_view by, std::string text) {
  journal::event what;
  what.kind = journal::kind::user_changed;
  what.at = now();
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
    const auto made =
        t.exec_params("INSERT INTO app_user (login, full_name, password_hash, role, disabled) "
                      "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (login) DO NOTHING RETURNING id",
                      account.login, account.full_name, account.password_hash,
                      static_cast<int>(account.role), account.disabled);
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
    const auto changed =
        t.exec_params("UPDATE app_user SET password_hash = $2 WHERE id = $1 RETURNING login",
                      id.value, password_hash);
    if (changed.empty())
      return unexpected{store_error{store_errc::not_found, "there is no such user"}};
    t.exec_params("DELETE FROM session WHERE user_id = $1", id.value);
    write(t, by, fmt::format("password of {} changed", changed[0][0].as<std::string>()));
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
    t.exec_params(
        "INSERT INTO session (hash, user_id, begun, expires) VALUES ($1::bytea, $2, $3, $4)",
        sql_bytes(hash), what.user.value, sql_time(what.begun), sql_time(what.expires));
    return {};
  });
}

result<session> user_store::find_session(const session_hash& hash) {
  return pool_.transact([&](pqxx::work& t) -> result<session> {
    const auto found = t.exec_params(
        "SELECT s.user_id, micros(s.begun), micros(s.expires) FROM session s JOIN app_user u "
        "ON u.id = s.user_id WHERE s.hash = $1::bytea AND s.expires > now() AND NOT u.disabled",
        sql_bytes(hash));
    if (found.empty())
      return unexpected{store_error{store_errc::not_found, "there is no such session"}};
    return session{{found[0][0].as<std::int64_t>()}, time_of(found[0][1]), time_of(found[0][2])};
  });
}

result<void> user_store::end_session(const session_hash& hash) {
  return pool_.transact([&](pqxx::work& t) -> result<void> {
    t.exec_params("DELETE FROM session WHERE hash = $1::bytea", sql_bytes(hash));
    return {};
  });
}

result<int> user_store::sweep_sessions() {
  return pool_.transact([&](pqxx::work& t) -> result<int> {
    return static_cast<int>(t.exec("DELETE FROM session WHERE expires <= now()").affected_rows());
  });
}

} // namespace cresset::coord::store
