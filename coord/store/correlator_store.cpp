#include "coord/store/correlator_store.hpp"

#include "coord/store/change_rows.hpp"
#include "coord/store/connection_pool.hpp"
#include "coord/store/incident_rows.hpp"
#include "coord/store/journal_writer.hpp"
#include "coord/store/sql_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace cresset::coord::store {
using namespace incident;
namespace {

constexpr const char* task = "correlator";

/// Locks the groups of all actions in the order of their ids, before any incident:
/// docs/database.md, rule 2. Gives those that no incident holds.
std::set<std::int64_t> lock_free_groups(pqxx::work& t, std::span<const correlator_action> actions) {
  array_text wanted;
  for (const auto& action : actions) {
    if (const auto* opened = std::get_if<open_incident>(&action))
      for (const auto group : opened->groups)
        wanted.add(group.value);
    else if (const auto* joined = std::get_if<attach_group>(&action))
      wanted.add(joined->group.value);
  }
  std::set<std::int64_t> free;
  for (const auto& row :
       t.exec_params("SELECT id, incident IS NULL FROM alert_group WHERE id = ANY ($1::bigint[]) "
                     "ORDER BY id FOR UPDATE",
                     wanted.str()))
    if (row[1].as<bool>())
      free.insert(row[0].as<std::int64_t>());
  return free;
}

void open(pqxx::work& t, const open_incident& action, std::set<std::int64_t>& free, timestamp at) {
  // What an analyst raised in the meantime is being worked on.
  const bool any_free =
      std::ranges::any_of(action.groups, [&](group_id g) { return free.contains(g.value); });
  if (!any_free)
    return;
  incident_seed seed;
  seed.title = action.title;
  seed.why = action.why;
  seed.rule = action.rule;
  seed.correlation = action.correlation;
  seed.severity = action.severity;
  seed.classified = action.classified;
  seed.victim = action.victim;
  seed.exercise = action.exercise;
  seed.by = task;
  const auto id = insert_incident(t, seed, at);
  if (!id)
    return;
  const auto words = render(action.why, language::en);
  for (const auto group : action.groups)
    if (free.erase(group.value) > 0)
      link_group(t, {*id, group, task, words, {}}, at);
}

void attach(pqxx::work& t, const attach_group& action, std::set<std::int64_t>& free, timestamp at) {
  const auto id = incident_of_correlation(t, action.correlation);
  if (!id || !free.contains(action.group.value))
    return;
  const auto row =
      t.exec_params1("SELECT state, closed_as FROM incident WHERE id = $1 FOR UPDATE", id->value);
  const auto state = static_cast<incident_state>(row[0].as<int>());
  if (state == incident_state::closed) {
    // Closed as handled, and it goes on: that reopens it. Closed as nothing: the group stays in the
    // queue.
    if (static_cast<close_reason>(row[1].as<int>()) != close_reason::resolved)
      return;
    t.exec_params("UPDATE incident SET state = $2, closed_as = NULL, close_note = '' WHERE id = $1",
                  id->value, static_cast<int>(incident_state::triaged));
    journal::event what;
    what.kind = journal::kind::incident_state;
    what.at = at;
    what.incident = *id;
    what.by = task;
    what.text = "closed to triaged: the attack goes on with another group";
    append(t, what);
  }
  free.erase(action.group.value);
  link_group(t, {*id, action.group, task, render(action.why, language::en), action.why}, at);
}

std::vector<std::string> without_incident(pqxx::work& t, const std::set<std::string>& wanted) {
  if (wanted.empty())
    return {};
  array_text names;
  for (const auto& name : wanted)
    names.add(std::string_view{name});
  std::vector<std::string> missing;
  for (const auto& row : t.exec_params(
           "SELECT w FROM unnest($1::text[]) w WHERE NOT EXISTS (SELECT 1 FROM incident WHERE "
           "correlation = w) ORDER BY w",
           names.str()))
    missing.push_back(row[0].as<std::string>());
  return missing;
}

} // namespace

result<std::int64_t> correlator_store::lead(const std::string& holder) {
  return pool_.transact([&](pqxx::work& t) -> result<std::int64_t> {
    const auto lease = fmt::format("{} seconds", leader_lease.count());
    t.exec_params("INSERT INTO leader (name, holder, term, expires) VALUES ($1, $2, 0, "
                  "'-infinity') ON CONFLICT DO NOTHING",
                  task, holder);
    // A lease that ends further ahead than any is given for was given before the clock was set
    // back: it is void, else a holder that died would block the task until the clock has caught up.
    // Its holder, should it live, is fenced by the new term.
    const auto taken = t.exec_params(
        "UPDATE leader SET term = CASE WHEN holder = $2 AND term > 0 AND expires > "
        "clock_timestamp() THEN term ELSE term + 1 "
        "END, holder = $2, expires = clock_timestamp() + $3::interval WHERE name = $1 "
        "AND (holder = $2 OR expires < clock_timestamp() OR expires > clock_timestamp() + 2 * "
        "$3::interval) RETURNING term",
        task, holder, lease);
    if (taken.empty())
      return unexpected{store_error{store_errc::fenced, "another server leads the correlator"}};
    return taken[0][0].as<std::int64_t>();
  });
}

result<void> correlator_store::resign(const std::string& holder) {
  return pool_.transact([&](pqxx::work& t) -> result<void> {
    t.exec_params("UPDATE leader SET expires = '-infinity' WHERE name = $1 AND holder = $2", task,
                  holder);
    return {};
  });
}

result<change_position> correlator_store::position() {
  return pool_.transact([&](pqxx::work& t) -> result<change_position> {
    const auto found = t.exec_params("SELECT position FROM correlator WHERE name = $1", task);
    return change_position{found.empty() ? 0 : found[0][0].as<std::int64_t>()};
  });
}

result<change_position> correlator_store::replay_from() {
  return pool_.transact([&](pqxx::work& t) -> result<change_position> {
    return change_position{
        t.exec_params1(
             "SELECT coalesce(min(c.position) - 1, (SELECT max(position) FROM correlator WHERE "
             "name = $1), 0) "
             "FROM group_change c WHERE c.received >= (SELECT p.received FROM group_change p "
             "WHERE p.position = (SELECT position FROM correlator WHERE name = $1)) - $2::interval",
             task, fmt::format("{} seconds", correlation_window_limit.count()))[0]
            .as<std::int64_t>()};
  });
}

result<std::vector<group_change>> correlator_store::changes(change_position after, int limit) {
  return pool_.transact([&](pqxx::work& t) -> result<std::vector<group_change>> {
    return read_changes(t, after.value, limit);
  });
}

result<std::vector<std::string>>
correlator_store::apply(std::int64_t term, change_position up_to,
                        std::span<const correlator_action> actions) {
  return pool_.transact([&](pqxx::work& t) -> result<std::vector<std::string>> {
    const auto at = std::chrono::floor<std::chrono::microseconds>(now());
    auto free = actions.empty() ? std::set<std::int64_t>{} : lock_free_groups(t, actions);
    const auto leads = t.exec_params(
        "SELECT 1 FROM leader WHERE name = $1 AND term = $2 AND expires > clock_timestamp() "
        "FOR UPDATE",
        task, term);
    if (leads.empty())
      return unexpected{
          store_error{store_errc::fenced, "another server leads the correlator by now"}};
    std::set<std::string> named;
    for (const auto& action : actions) {
      if (const auto* opened = std::get_if<open_incident>(&action)) {
        open(t, *opened, free, at);
        named.insert(opened->correlation);
      } else {
        const auto& joined = std::get<attach_group>(action);
        attach(t, joined, free, at);
        named.insert(joined.correlation);
      }
    }
    t.exec_params("INSERT INTO correlator (name, position) VALUES ($1, $2) "
                  "ON CONFLICT (name) DO UPDATE SET position = greatest(correlator.position, "
                  "excluded.position)",
                  task, up_to.value);
    return without_incident(t, named);
  });
}

result<std::vector<std::string>>
correlator_store::missing(std::span<const std::string> correlations) {
  return pool_.transact([&](pqxx::work& t) -> result<std::vector<std::string>> {
    return without_incident(t, {correlations.begin(), correlations.end()});
  });
}

result<std::int64_t> correlator_store::trim() {
  return pool_.transact([&](pqxx::work& t) -> result<std::int64_t> {
    const auto gone =
        t.exec_params("DELETE FROM group_change WHERE position < (SELECT position FROM correlator "
                      "WHERE name = $1) AND received < now() - $2::interval",
                      task, fmt::format("{} seconds", correlation_window_limit.count() + 3600));
    return static_cast<std::int64_t>(gone.affected_rows());
  });
}

} // namespace cresset::coord::store
