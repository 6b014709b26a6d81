// A change is a set of records that end and a set that begin, under one number. An import works out
// both from the difference between the source's live records and the file; an undo exchanges the
// two sets of the change it takes back. So an undo of an undo is no special case: it is a change of
// its own that is never undone itself, because importing again does that.
#include "coord/store/segment/segment_store.hpp"

#include "capture/base/json_writer.hpp"
#include "coord/store/connection_pool.hpp"
#include "coord/store/journal_writer.hpp"
#include "coord/store/segment/record_rows.hpp"
#include "coord/store/sql_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace cresset::coord::store::segment {
using namespace coord::segment;
using incident::page_limit;
using incident::result;
namespace {

/// One change at a time: "segm". Taken before anything else a change locks.
constexpr int advisory_lock = 0x7365676d;
constexpr std::size_t unknown_owners_limit = 20;
constexpr int contacts_limit = 50;

unexpected<store_error> refuse(std::string text) {
  return unexpected{store_error{store_errc::refused, std::move(text)}};
}

void take_turn(pqxx::work& t) {
  t.exec_params("SELECT pg_advisory_xact_lock($1)", advisory_lock);
}

std::vector<record> read_records(pqxx::work& t, const std::string& condition,
                                 const std::string& parameter) {
  std::vector<record> records;
  for (const auto& row : t.exec_params(
           fmt::format("SELECT {} FROM segment_record r WHERE {}", record_columns, condition),
           parameter))
    records.push_back(record_of(row));
  return records;
}

/// In order of kind and key by bytes, as `difference_of` wants it, whatever the database's locale.
std::vector<record> live_of_source(pqxx::work& t, const std::string& source) {
  return read_records(
      t, "r.source = $1 AND r.removed_in IS NULL ORDER BY r.kind, r.key COLLATE \"C\"", source);
}

template <typename Records>
std::vector<const record*> pointers(const Records& records) {
  std::vector<const record*> all;
  for (const auto& r : records)
    all.push_back(&r);
  return all;
}

/// Writes the change with its journal entry; gives it with its number.
change_set write(pqxx::work& t, change_set made, const std::vector<const record*>& ended,
                 const std::vector<const record*>& begun) {
  made.id = insert_change_set(t, made);
  end_records(t, made.source, ended, made.id.value);
  copy_records(t, made.source, begun, made.id.value);
  journal::event what;
  what.kind = coord::segment::journal_kind;
  what.at = made.at;
  what.by = made.by;
  what.text = fmt::format("segment: {} of {}{}{}: {} added, {} changed, {} removed",
                          to_string(made.what), made.source, made.note.empty() ? "" : ", ",
                          made.note, made.added, made.changed, made.removed);
  json_writer json{what.detail};
  json.member("change_set", made.id.value).member("sha256", made.sha256);
  if (made.undoes)
    json.member("undoes", made.undoes->value);
  append(t, what);
  return made;
}

change_set write(pqxx::work& t, change_set made, const difference& what) {
  made.added = static_cast<int>(what.added.size());
  made.changed = static_cast<int>(what.changed.size());
  made.removed = static_cast<int>(what.removed.size());
  auto ended = pointers(what.removed);
  auto begun = pointers(what.added);
  for (const auto& change : what.changed) {
    ended.push_back(&change.before);
    begun.push_back(&change.after);
  }
  return write(t, std::move(made), ended, begun);
}

std::vector<std::string> unknown_owners(pqxx::work& t, std::span<const record> records) {
  std::set<std::string> named;
  for (const auto& r : records)
    if (!r.owner.empty())
      named.insert(r.owner);
  for (const auto& r : records)
    if (r.kind == record_kind::owner)
      named.erase(r.key);
  array_text wanted;
  for (const auto& owner : named)
    wanted.add(std::string_view{owner});
  for (const auto& row : t.exec_params("SELECT DISTINCT key FROM segment_record WHERE kind = 0 AND "
                                       "removed_in IS NULL AND key = ANY ($1::text[])",
                                       wanted.str()))
    named.erase(row[0].as<std::string>());
  std::vector<std::string> some{named.begin(), named.end()};
  some.resize(std::min(some.size(), unknown_owners_limit));
  return some;
}

result<change_set> read_change_set(pqxx::work& t, change_set_id id) {
  const auto rows = t.exec_params(
      fmt::format("SELECT {} FROM segment_change_set c WHERE c.id = $1", change_set_columns),
      id.value);
  if (rows.empty())
    return unexpected{
        store_error{store_errc::not_found, fmt::format("there is no change {}", id.value)}};
  return change_set_of(rows[0]);
}

/// Replaces or ends (without `after`) one record of the manual source.
result<change_set> edit(pqxx::work& t, const record& key, const record* after, change_set made) {
  take_turn(t);
  made.what = change_kind::edited;
  made.source = manual_source;
  const auto rows = t.exec_params(
      fmt::format("SELECT {} FROM segment_record r WHERE r.source = $1 AND r.kind = $2 AND r.key = "
                  "$3 AND r.removed_in IS NULL",
                  record_columns),
      made.source, static_cast<int>(key.kind), key.key);
  difference what;
  if (rows.empty() && after == nullptr)
    return unexpected{
        store_error{store_errc::not_found, fmt::format("no record {} was entered here", key.key)}};
  if (rows.empty())
    what.added.push_back(*after);
  else if (after == nullptr)
    what.removed.push_back(record_of(rows[0]));
  else
    what.changed.push_back({record_of(rows[0]), *after});
  made.note = fmt::format("{} {}", to_string(key.kind), key.key);
  return write(t, std::move(made), what);
}

std::string like_pattern(std::string_view text) {
  std::string pattern = "%";
  for (const char c : text) {
    if (c == '%' || c == '_' || c == '\\')
      pattern += '\\';
    pattern += c;
  }
  return pattern + '%';
}

std::vector<kept_record> kept(const pqxx::result& rows) {
  std::vector<kept_record> all;
  for (const auto& row : rows)
    all.push_back({{row[0].as<std::int64_t>()},
                   row[1].c_str(),
                   {row[2].as<std::int64_t>()},
                   record_of(row, 3)});
  return all;
}

} // namespace

result<import_answer> segment_store::import(const import_request& request) {
  if (!is_import_source(request.source))
    return refuse("a source has 1 to 64 of a-z, 0-9, '.', '-', '_' and is not 'manual'");
  return pool_.transact([&](pqxx::work& t) -> result<import_answer> {
    take_turn(t);
    import_answer answer;
    answer.what = difference_of(live_of_source(t, request.source), request.records);
    answer.unknown_owners = unknown_owners(t, request.records);
    if (request.dry_run || answer.what.is_empty())
      return answer;
    const auto sources = t.exec_params1(
        "SELECT count(*) FROM (SELECT DISTINCT source FROM segment_change_set WHERE source <> $1 "
        "LIMIT $2) s",
        request.source, sources_limit)[0];
    if (sources.as<int>() >= sources_limit)
      return refuse(fmt::format("there are {} sources already", sources_limit));
    change_set made;
    made.at = request.at;
    made.by = request.by;
    made.source = request.source;
    made.format = request.format;
    made.sha256 = request.sha256;
    made.note = request.note;
    answer.made = write(t, std::move(made), answer.what);
    return answer;
  });
}

result<change_set> segment_store::undo(change_set_id id, const std::string& by, timestamp at) {
  return pool_.transact([&](pqxx::work& t) -> result<change_set> {
    take_turn(t);
    const auto undone = read_change_set(t, id);
    if (!undone)
      return undone;
    const auto last = t.exec_params(
        "SELECT id FROM segment_change_set WHERE source = $1 AND what <> $2 AND undone_by IS NULL "
        "ORDER BY id DESC LIMIT 1",
        undone->source, static_cast<int>(change_kind::undone));
    if (undone->what == change_kind::undone)
      return refuse("an undo is not undone: import the file, or make the edit, again");
    if (undone->undone_by)
      return refuse(fmt::format("change {} took it back already", undone->undone_by->value));
    if (last.empty() || last[0][0].as<std::int64_t>() != id.value)
      return refuse(fmt::format("later changes of {} stand on it: undo {} first", undone->source,
                                last[0][0].as<std::int64_t>()));
    const auto number = std::to_string(id.value);
    const auto ended = read_records(t, "r.added_in = $1", number);
    const auto begun = read_records(t, "r.removed_in = $1", number);
    change_set made;
    made.at = at;
    made.by = by;
    made.what = change_kind::undone;
    made.source = undone->source;
    made.note = fmt::format("change {}", id.value);
    made.undoes = id;
    made.added = undone->removed;
    made.changed = undone->changed;
    made.removed = undone->added;
    const auto written = write(t, std::move(made), pointers(ended), pointers(begun));
    t.exec_params("UPDATE segment_change_set SET undone_by = $2 WHERE id = $1", id.value,
                  written.id.value);
    return written;
  });
}

result<std::vector<change_set>> segment_store::change_sets(change_set_id before, int limit) {
  return pool_.transact([&](pqxx::work& t) -> result<std::vector<change_set>> {
    std::vector<change_set> page;
    for (const auto& row :
         t.exec_params(fmt::format("SELECT {} FROM segment_change_set c WHERE $1::bigint = 0 OR "
                                   "c.id < $1 ORDER BY c.id DESC LIMIT $2",
                                   change_set_columns),
                       before.value, std::clamp(limit, 1, page_limit)))
      page.push_back(change_set_of(row));
    return page;
  });
}

result<change_set> segment_store::one(change_set_id id) {
  return pool_.transact([&](pqxx::work& t) { return read_change_set(t, id); });
}

result<difference> segment_store::content_of(change_set_id id, int limit) {
  return pool_.transact([&](pqxx::work& t) -> result<difference> {
    if (const auto known = read_change_set(t, id); !known)
      return unexpected{known.error()};
    const auto rows = static_cast<std::int64_t>(std::clamp(limit, 1, page_limit));
    const auto read = [&](const char* column, const char* other, const char* join) {
      return t.exec_params(
          fmt::format("SELECT {} FROM segment_record r WHERE r.{} = $1 AND {} (SELECT 1 FROM "
                      "segment_record o WHERE o.{} = $1 AND o.kind = r.kind AND o.key = r.key) "
                      "ORDER BY r.kind, r.key COLLATE \"C\" LIMIT $2",
                      record_columns, column, join, other),
          id.value, rows);
    };
    difference what;
    for (const auto& row : read("added_in", "removed_in", "NOT EXISTS"))
      what.added.push_back(record_of(row));
    for (const auto& row : read("removed_in", "added_in", "NOT EXISTS"))
      what.removed.push_back(record_of(row));
    const auto before = read("removed_in", "added_in", "EXISTS");
    const auto after = read("added_in", "removed_in", "EXISTS");
    for (int i = 0; i < static_cast<int>(std::min(before.size(), after.size())); ++i)
      what.changed.push_back({record_of(before[i]), record_of(after[i])});
    return what;
  });
}

result<change_set> segment_store::put(record what, const std::string& by, timestamp at) {
  what.weight = layer::manual;
  if (const auto wrong = settle(what))
    return refuse(*wrong);
  return pool_.transact([&](pqxx::work& t) {
    change_set made;
    made.at = at;
    made.by = by;
    return edit(t, what, &what, std::move(made));
  });
}

result<change_set> segment_store::remove(record_id id, const std::string& by, timestamp at) {
  return pool_.transact([&](pqxx::work& t) -> result<change_set> {
    const auto rows = t.exec_params(
        fmt::format("SELECT r.source, {} FROM segment_record r WHERE r.id = $1 AND r.removed_in IS "
                    "NULL",
                    record_columns),
        id.value);
    if (rows.empty())
      return unexpected{
          store_error{store_errc::not_found, fmt::format("there is no record {}", id.value)}};
    if (rows[0][0].as<std::string>() != manual_source)
      return refuse(fmt::format("the record comes from the import {}: import a file without it",
                                rows[0][0].c_str()));
    change_set made;
    made.at = at;
    made.by = by;
    return edit(t, record_of(rows[0], 1), nullptr, std::move(made));
  });
}

result<std::vector<kept_record>> segment_store::search(const record_query& query) {
  return pool_.transact([&](pqxx::work& t) -> result<std::vector<kept_record>> {
    return kept(t.exec_params(
        fmt::format(
            "SELECT r.id, r.source, r.added_in, {} FROM segment_record r WHERE "
            "r.removed_in IS NULL AND ($1 < 0 OR r.kind = $1) AND ($2 = '%%' OR r.key "
            "ILIKE $2 OR r.name ILIKE $2 OR r.email ILIKE $2) AND ($3 = '' OR r.owner = $3 "
            "OR (r.kind = 0 AND r.key = $3)) AND ($4 = '' OR r.source = $4) AND ($5 = '' OR "
            "r.country = $5) AND ($6::bigint = 0 OR (r.kind, r.key, r.id) > (SELECT a.kind, "
            "a.key, a.id FROM segment_record a WHERE a.id = $6)) ORDER BY r.kind, r.key, "
            "r.id LIMIT $7",
            record_columns),
        query.kind ? static_cast<int>(*query.kind) : -1, like_pattern(query.text), query.owner,
        query.source, query.country, query.after ? query.after->value : std::int64_t{0},
        std::clamp(query.limit, 1, page_limit)));
  });
}

result<std::vector<kept_record>> segment_store::around(const ip_address& address) {
  return pool_.transact([&](pqxx::work& t) -> result<std::vector<kept_record>> {
    return kept(t.exec_params(
        fmt::format(
            "SELECT r.id, r.source, r.added_in, {} FROM segment_record r WHERE r.removed_in "
            "IS NULL AND r.kind = 2 AND r.network >>= $1::inet ORDER BY masklen(r.network) "
            "DESC, r.layer DESC, r.id LIMIT $2",
            record_columns),
        address.to_string(), page_limit));
  });
}

result<std::vector<kept_record>> segment_store::around(const std::string& domain) {
  array_text names;
  for (std::string_view rest = domain;;) {
    names.add(rest);
    const auto dot = rest.find('.');
    if (dot == std::string_view::npos)
      break;
    rest.remove_prefix(dot + 1);
  }
  return pool_.transact([&](pqxx::work& t) -> result<std::vector<kept_record>> {
    return kept(t.exec_params(
        fmt::format(
            "SELECT r.id, r.source, r.added_in, {} FROM segment_record r WHERE r.removed_in "
            "IS NULL AND r.kind = 4 AND r.key = ANY ($1::text[]) ORDER BY length(r.key) "
            "DESC, r.layer DESC, r.id LIMIT $2",
            record_columns),
        names.str(), page_limit));
  });
}

result<std::vector<kept_record>> segment_store::around(std::uint32_t as_number) {
  return pool_.transact([&](pqxx::work& t) -> result<std::vector<kept_record>> {
    return kept(t.exec_params(
        fmt::format(
            "SELECT r.id, r.source, r.added_in, {} FROM segment_record r WHERE r.removed_in "
            "IS NULL AND r.kind = 3 AND $1 BETWEEN r.first_as AND r.last_as ORDER BY "
            "r.last_as - r.first_as, r.layer DESC, r.id LIMIT $2",
            record_columns),
        std::int64_t{as_number}, page_limit));
  });
}

result<change_set_id> segment_store::head() {
  return pool_.transact([&](pqxx::work& t) -> result<change_set_id> {
    return change_set_id{
        t.exec1("SELECT coalesce(max(id), 0) FROM segment_change_set")[0].as<std::int64_t>()};
  });
}

result<std::vector<record>> segment_store::live() {
  return pool_.transact([&](pqxx::work& t) -> result<std::vector<record>> {
    return read_records(t, "r.removed_in IS NULL AND r.kind = ANY ($1::smallint[])", "{0,2}");
  });
}

result<std::vector<record>> segment_store::contacts_of(const std::string& owner, day today) {
  return pool_.transact([&](pqxx::work& t) -> result<std::vector<record>> {
    std::vector<record> contacts;
    for (const auto& row : t.exec_params(
             fmt::format(
                 "SELECT DISTINCT ON (r.key) {} FROM segment_record r WHERE r.removed_in IS "
                 "NULL AND r.kind = 1 AND r.owner = $1 AND (r.valid_from IS NULL OR "
                 "r.valid_from <= $2::date) AND (r.valid_to IS NULL OR r.valid_to >= "
                 "$2::date) ORDER BY r.key, r.layer DESC, r.id LIMIT $3",
                 record_columns),
             owner, to_string(today), contacts_limit))
      contacts.push_back(record_of(row));
    return contacts;
  });
}

result<record> segment_store::owner(const std::string& key, day today) {
  return pool_.transact([&](pqxx::work& t) -> result<record> {
    const auto rows = t.exec_params(
        fmt::format("SELECT {} FROM segment_record r WHERE r.removed_in IS NULL AND r.kind = 0 AND "
                    "r.key = $1 AND (r.valid_from IS NULL OR r.valid_from <= $2::date) AND "
                    "(r.valid_to IS NULL OR r.valid_to >= $2::date) ORDER BY r.layer DESC, r.id "
                    "LIMIT 1",
                    record_columns),
        key, to_string(today));
    if (rows.empty())
      return unexpected{
          store_error{store_errc::not_found, fmt::format("no owner {} is registered", key)}};
    return record_of(rows[0]);
  });
}

} // namespace cresset::coord::store::segment
