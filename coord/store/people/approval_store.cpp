#include "coord/store/people/approval_store.hpp"

#include "coord/people/journal_kind.hpp"
#include "coord/store/connection_pool.hpp"
#include "coord/store/journal_writer.hpp"
#include "coord/store/sql_text.hpp"

#include <fmt/format.h>

#include <limits>

namespace cresset::coord::store::people {
using namespace coord::people;
using incident::result;
using incident::user_id;
namespace {

constexpr const char* approval_select =
    "SELECT a.id, a.act, a.method, a.target, a.body, a.asked_by, u.login, micros(a.asked), "
    "micros(a.expires), a.state, coalesce(d.login, ''), micros(a.decided), a.outcome "
    "FROM approval a JOIN app_user u ON u.id = a.asked_by LEFT JOIN app_user d ON d.id = "
    "a.decided_by ";

unexpected<store_error> no(store_errc why, std::string text) {
  return unexpected{store_error{why, std::move(text)}};
}

approval approval_of(const pqxx::row& row) {
  approval one;
  one.id = {row[0].as<std::int64_t>()};
  one.act = row[1].c_str();
  one.method = row[2].c_str();
  one.target = row[3].c_str();
  const auto body = bytes_of(row[4]);
  one.body = std::string{as_text(body)};
  one.asked_by = {row[5].as<std::int64_t>()};
  one.asked_by_login = row[6].c_str();
  one.asked = time_of(row[7]);
  one.expires = time_of(row[8]);
  one.state = static_cast<approval_state>(row[9].as<int>());
  one.decided_by_login = row[10].c_str();
  if (!row[11].is_null())
    one.decided = time_of(row[11]);
  one.outcome = row[12].as<int>();
  return one;
}

void write(pqxx::work& t, std::string_view by, timestamp at, std::string text) {
  journal::event what;
  what.kind = journal_kind::approval;
  what.at = at;
  what.by = by;
  what.text = std::move(text);
  append(t, what);
}

} // namespace

result<approval_id> approval_store::ask(const approval& call) {
  return pool_.transact([&](pqxx::work& t) -> result<approval_id> {
    if (call.body.size() > approval_body_limit_bytes)
      return no(store_errc::refused, "the call is too large to wait for a second person");
    const auto login =
        t.exec_params("SELECT login FROM app_user WHERE id = $1 FOR UPDATE", call.asked_by.value);
    if (login.empty())
      return no(store_errc::not_found, "there is no such user");
    const auto waiting = t.exec_params1("SELECT count(*) FROM approval WHERE asked_by = $1 "
                                        "AND state = 0 AND expires > $2",
                                        call.asked_by.value, sql_time(call.asked));
    if (waiting[0].as<int>() >= approvals_waiting_an_account)
      return no(store_errc::refused, "too many of your calls wait for a second person already");
    const auto made =
        t.exec_params1("INSERT INTO approval (act, method, target, body, asked_by, asked, expires) "
                       "VALUES ($1, $2, $3, $4::bytea, $5, $6, $7) RETURNING id",
                       call.act, call.method, call.target, sql_bytes(as_bytes(call.body)),
                       call.asked_by.value, sql_time(call.asked), sql_time(call.expires));
    const approval_id id{made[0].as<std::int64_t>()};
    write(t, login[0][0].as<std::string>(), call.asked,
          fmt::format("approval {} asked for: {} {}", id.value, call.method, call.target));
    return id;
  });
}

result<approval> approval_store::one(approval_id id) {
  return pool_.transact([&](pqxx::work& t) -> result<approval> {
    const auto found = t.exec_params(std::string{approval_select} + "WHERE a.id = $1", id.value);
    if (found.empty())
      return no(store_errc::not_found, "there is no such request");
    return approval_of(found[0]);
  });
}

result<std::vector<approval>> approval_store::all(approval_id before, int limit) {
  return pool_.transact([&](pqxx::work& t) -> result<std::vector<approval>> {
    std::vector<approval> found;
    const auto end = before ? before.value : std::numeric_limits<std::int64_t>::max();
    for (const auto& row :
         t.exec_params(std::string{approval_select} + "WHERE a.id < $1 ORDER BY a.id DESC LIMIT $2",
                       end, limit))
      found.push_back(approval_of(row));
    return found;
  });
}

result<approval> approval_store::decide(approval_id id, approval_state to, user_id by,
                                        std::string_view by_login, timestamp at) {
  return pool_.transact([&](pqxx::work& t) -> result<approval> {
    const auto found =
        t.exec_params(std::string{approval_select} + "WHERE a.id = $1 FOR UPDATE OF a", id.value);
    if (found.empty())
      return no(store_errc::not_found, "there is no such request");
    auto asked = approval_of(found[0]);
    if (asked.state != approval_state::waiting || at >= asked.expires)
      return no(store_errc::refused, "the request waits no more");
    if ((to == approval_state::withdrawn) != (asked.asked_by == by))
      return no(store_errc::refused, "whoever asked may withdraw, and only somebody else decide");
    t.exec_params("UPDATE approval SET state = $2, decided_by = $3, decided = $4 WHERE id = $1",
                  id.value, static_cast<int>(to), by.value, sql_time(at));
    write(t, by_login, at,
          fmt::format("approval {} {}: {} {} of {}", id.value, to_string(to), asked.method,
                      asked.target, asked.asked_by_login));
    asked.state = to;
    asked.decided_by_login = by_login;
    asked.decided = at;
    return asked;
  });
}

result<void> approval_store::finish(approval_id id, int outcome, timestamp at) {
  return pool_.transact([&](pqxx::work& t) -> result<void> {
    const auto done = t.exec_params(
        "UPDATE approval SET state = 4, outcome = $2 WHERE id = $1 AND state = 1 RETURNING act",
        id.value, outcome);
    if (done.empty())
      return no(store_errc::refused, "the request is not one that was just approved");
    write(t, "approval", at,
          fmt::format("approval {} carried out: answered {}", id.value, outcome));
    return {};
  });
}

} // namespace cresset::coord::store::people
