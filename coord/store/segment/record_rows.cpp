#include "coord/store/segment/record_rows.hpp"

#include "coord/store/sql_text.hpp"

#include <tuple>

namespace cresset::coord::store::segment {
using namespace coord::segment;
namespace {

const std::vector<std::string> copied_columns{
    "source",      "kind",       "key",      "layer",   "owner",    "name",    "sector",
    "criticality", "country",    "ours",     "email",   "phone",    "role",    "language",
    "delivery",    "valid_from", "valid_to", "network", "first_as", "last_as", "added_in"};

std::optional<std::string> day_text(const std::optional<day>& d) {
  return d ? std::optional{to_string(*d)} : std::nullopt;
}

std::optional<day> day_of(const pqxx::field& date) {
  return date.is_null() ? std::nullopt : parse_day(date.c_str());
}

} // namespace

const char* const record_columns =
    "r.kind, r.key, r.layer, r.owner, r.name, r.sector, r.criticality, r.country, r.ours, r.email, "
    "r.phone, r.role, r.language, r.delivery, r.valid_from::text, r.valid_to::text ";

record record_of(const pqxx::row& row, int first_column) {
  const auto column = [&](int n) { return row[first_column + n]; };
  record r;
  r.kind = static_cast<record_kind>(column(0).as<int>());
  r.key = column(1).c_str();
  r.weight = static_cast<layer>(column(2).as<int>());
  r.owner = column(3).c_str();
  r.name = column(4).c_str();
  r.sector = column(5).c_str();
  r.criticality = column(6).as<int>();
  r.country = column(7).c_str();
  r.ours = column(8).as<bool>();
  r.email = column(9).c_str();
  r.phone = column(10).c_str();
  r.role = column(11).c_str();
  r.language = column(12).c_str();
  r.how = static_cast<delivery>(column(13).as<int>());
  r.valid = {day_of(column(14)), day_of(column(15))};
  return r;
}

void copy_records(pqxx::work& t, const std::string& source,
                  const std::vector<const record*>& records, std::int64_t added_in) {
  if (records.empty())
    return;
  pqxx::stream_to to{t, "segment_record", copied_columns};
  for (const auto* r : records) {
    std::optional<std::string> network;
    std::optional<std::int64_t> first_as;
    std::optional<std::int64_t> last_as;
    if (r->kind == record_kind::prefix)
      network = r->key;
    if (const auto range =
            r->kind == record_kind::as_number ? as_range::parse(r->key) : std::nullopt) {
      first_as = range->first;
      last_as = range->last;
    }
    to << std::make_tuple(source, static_cast<int>(r->kind), r->key, static_cast<int>(r->weight),
                          r->owner, r->name, r->sector, r->criticality, r->country,
                          std::string{r->ours ? "t" : "f"}, r->email, r->phone, r->role,
                          r->language, static_cast<int>(r->how), day_text(r->valid.from),
                          day_text(r->valid.to), network, first_as, last_as, added_in);
  }
  to.complete();
}

void end_records(pqxx::work& t, const std::string& source,
                 const std::vector<const record*>& records, std::int64_t removed_in) {
  if (records.empty())
    return;
  array_text kind;
  array_text key;
  for (const auto* r : records) {
    kind.add(static_cast<std::int64_t>(r->kind));
    key.add(std::string_view{r->key});
  }
  t.exec_params("UPDATE segment_record r SET removed_in = $4 FROM unnest($2::smallint[], "
                "$3::text[]) AS gone(kind, key) WHERE r.source = $1 AND r.kind = gone.kind AND "
                "r.key = gone.key AND r.removed_in IS NULL",
                source, kind.str(), key.str(), removed_in);
}

const char* const change_set_columns =
    "c.id, micros(c.at), c.by_name, c.what, c.source, c.format, c.sha256, c.note, c.added, "
    "c.changed, c.removed, c.undoes, c.undone_by ";

change_set change_set_of(const pqxx::row& row) {
  change_set one;
  one.id = {row[0].as<std::int64_t>()};
  one.at = time_of(row[1]);
  one.by = row[2].c_str();
  one.what = static_cast<change_kind>(row[3].as<int>());
  one.source = row[4].c_str();
  one.format = row[5].c_str();
  one.sha256 = row[6].c_str();
  one.note = row[7].c_str();
  one.added = row[8].as<int>();
  one.changed = row[9].as<int>();
  one.removed = row[10].as<int>();
  one.undoes = id_of<change_set_id>(row[11]);
  one.undone_by = id_of<change_set_id>(row[12]);
  return one;
}

change_set_id insert_change_set(pqxx::work& t, const change_set& what) {
  return {t.exec_params1("INSERT INTO segment_change_set (at, by_name, what, source, format, "
                         "sha256, note, added, changed, removed, undoes) VALUES ($1, $2, $3, $4, "
                         "$5, $6, $7, $8, $9, $10, $11) RETURNING id",
                         sql_time(what.at), what.by, static_cast<int>(what.what), what.source,
                         what.format, what.sha256, what.note, what.added, what.changed,
                         what.removed, nullable(what.undoes))[0]
              .as<std::int64_t>()};
}

} // namespace cresset::coord::store::segment
