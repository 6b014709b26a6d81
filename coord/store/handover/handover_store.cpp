#include "coord/store/handover/handover_store.hpp"

#include "capture/base/json_writer.hpp"
#include "coord/store/connection_pool.hpp"
#include "coord/store/incident_rows.hpp"
#include "coord/store/journal_writer.hpp"
#include "coord/store/sql_text.hpp"
#include "detect/alert/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cresset::coord::store::handover {
using namespace coord::handover;
using incident::result;
namespace {

// Entries looked at for "what changed": a shift writes a few thousand.
constexpr int entries_limit = 100'000;

constexpr const char* select =
    "SELECT h.id, micros(h.written), w.login, h.note, h.up_to, micros(h.accepted), "
    "coalesce(a.login, '') FROM shift_handover h JOIN app_user w ON w.id = h.written_by LEFT JOIN "
    "app_user a ON a.id = h.accepted_by ";

coord::handover::handover handover_of(const pqxx::row& row) {
  coord::handover::handover one;
  one.id = {row[0].as<std::int64_t>()};
  one.written = time_of(row[1]);
  one.written_by = row[2].c_str();
  one.note = row[3].c_str();
  one.up_to = row[4].as<std::int64_t>();
  if (!row[5].is_null())
    one.accepted = time_of(row[5]);
  one.accepted_by = row[6].c_str();
  return one;
}

unexpected<store_error> refuse(std::string text) {
  return unexpected{store_error{store_errc::refused, std::move(text)}};
}

result<coord::handover::handover> read_one(pqxx::work& t, handover_id id) {
  const auto rows = t.exec_params(std::string{select} + "WHERE h.id = $1", id.value);
  if (rows.empty())
    return unexpected{
        store_error{store_errc::not_found, fmt::format("there is no hand-over {}", id.value)}};
  return handover_of(rows[0]);
}

void note(pqxx::work& t, std::string_view kind, const coord::handover::handover& one,
          std::string by, timestamp at) {
  journal::event what;
  what.kind = kind;
  what.at = at;
  what.by = std::move(by);
  what.text = one.note;
  json_writer{what.detail}.member("handover", one.id.value);
  append(t, what);
}

} // namespace

result<std::vector<coord::handover::handover>>
handover_store::handovers(std::optional<handover_id> after, int limit) {
  return pool_.transact([&](pqxx::work& t) -> result<std::vector<coord::handover::handover>> {
    std::vector<coord::handover::handover> all;
    for (const auto& row :
         t.exec_params(std::string{select} +
                           "WHERE $1::bigint IS NULL OR h.id < $1 ORDER BY h.id DESC LIMIT $2",
                       nullable(after), std::clamp(limit, 1, incident::page_limit)))
      all.push_back(handover_of(row));
    return all;
  });
}

result<coord::handover::handover> handover_store::last_accepted() {
  return pool_.transact([&](pqxx::work& t) -> result<coord::handover::handover> {
    const auto rows =
        t.exec(std::string{select} + "WHERE h.accepted IS NOT NULL ORDER BY h.id DESC LIMIT 1");
    if (rows.empty())
      return unexpected{store_error{store_errc::not_found, "no hand-over was accepted so far"}};
    return handover_of(rows[0]);
  });
}

result<coord::handover::handover> handover_store::write(const std::string& text,
                                                        incident::user_id by, timestamp at) {
  return pool_.transact([&](pqxx::work& t) -> result<coord::handover::handover> {
    if (text.empty() || text.size() > note_limit_bytes || !detect::alert::is_clean_utf8(text))
      return refuse(fmt::format("a hand-over's note has 1 to {} bytes of text", note_limit_bytes));
    t.exec("LOCK TABLE shift_handover IN EXCLUSIVE MODE");
    const auto made = t.exec_params1("INSERT INTO shift_handover (written, written_by, note, "
                                     "up_to) SELECT $1, $2, $3, last FROM "
                                     "stream_head WHERE name = 'journal' RETURNING id",
                                     sql_time(at), by.value, text);
    auto one = read_one(t, {made[0].as<std::int64_t>()});
    if (one)
      note(t, journal::kind::handover_written, *one, one->written_by, at);
    return one;
  });
}

result<coord::handover::handover> handover_store::accept(handover_id id, incident::user_id by,
                                                         timestamp at) {
  return pool_.transact([&](pqxx::work& t) -> result<coord::handover::handover> {
    t.exec("LOCK TABLE shift_handover IN EXCLUSIVE MODE");
    const auto before = read_one(t, id);
    if (!before)
      return before;
    if (before->accepted)
      return refuse(fmt::format("{} accepted it already", before->accepted_by));
    if (t.exec("SELECT max(id) FROM shift_handover")[0][0].as<std::int64_t>() != id.value)
      return refuse("a newer hand-over was written since: accept that one");
    const auto login = login_of(t, by);
    if (login == before->written_by)
      return refuse("who writes a hand-over does not accept it: the next shift does");
    t.exec_params("UPDATE shift_handover SET accepted = $2, accepted_by = $3 WHERE id = $1",
                  id.value, sql_time(at), by.value);
    note(t, journal::kind::handover_accepted, *before, login, at);
    return read_one(t, id);
  });
}

result<std::vector<changed_incident>> handover_store::changed_since(std::int64_t after, int limit) {
  return pool_.transact([&](pqxx::work& t) -> result<std::vector<changed_incident>> {
    std::vector<changed_incident> all;
    for (const auto& row : t.exec_params(
             "SELECT i.id, i.name, i.title, i.state, i.severity, j.events, j.last FROM (SELECT "
             "incident, count(*) AS events, max(at_ns) AS last FROM (SELECT incident, at_ns FROM "
             "journal WHERE sequence > $1 AND incident <> 0 ORDER BY sequence DESC LIMIT $3) e "
             "GROUP "
             "BY incident) j JOIN incident i ON i.id = j.incident WHERE NOT i.exercise ORDER BY "
             "i.severity DESC, j.last DESC, i.id DESC LIMIT $2",
             after, std::clamp(limit, 1, incident::page_limit), entries_limit))
      all.push_back({{row[0].as<std::int64_t>()},
                     row[1].c_str(),
                     row[2].c_str(),
                     static_cast<incident::incident_state>(row[3].as<int>()),
                     row[4].as<int>(),
                     row[5].as<std::int64_t>(),
                     capture_time_of(row[6])});
    return all;
  });
}

} // namespace cresset::coord::store::handover
