#include "coord/store/casework/attachment_rows.hpp"

#include "capture/base/json_writer.hpp"
#include "coord/store/casework/work_rows.hpp"
#include "coord/store/incident_rows.hpp"
#include "coord/store/journal_writer.hpp"
#include "coord/store/sql_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cresset::coord::store::casework {
using namespace coord::casework;
namespace {

constexpr const char* columns =
    "id, incident, name, media_type, size, hash, micros(made), made_by, "
    "micros(removed), removed_by";

attachment attachment_of(const pqxx::row& row) {
  attachment one;
  one.id = {row[0].as<std::int64_t>()};
  one.incident = {row[1].as<std::int64_t>()};
  one.name = row[2].c_str();
  one.media_type = row[3].c_str();
  one.size = row[4].as<std::int64_t>();
  const auto hash = bytes_of(row[5]);
  std::copy_n(hash.begin(), std::min(hash.size(), one.hash.size()), one.hash.begin());
  one.made = time_of(row[6]);
  one.made_by = row[7].c_str();
  if (!row[8].is_null())
    one.removed = time_of(row[8]);
  one.removed_by = row[9].c_str();
  return one;
}

result<attachment> read_one(pqxx::work& t, attachment_id id) {
  const auto rows = t.exec_params(
      fmt::format("SELECT {} FROM incident_attachment WHERE id = $1", columns), id.value);
  if (rows.empty())
    return not_found(fmt::format("there is no attachment {}", id.value));
  return attachment_of(rows[0]);
}

void tell(pqxx::work& t, const attachment& one, std::string text, const std::string& by,
          timestamp at) {
  std::string hex;
  for (const auto b : one.hash)
    hex += fmt::format("{:02x}", std::to_integer<unsigned>(b));
  note said{journal::kind::incident_attachment, one.incident, by, std::move(text), {}};
  json_writer{said.detail}
      .member("attachment", one.id.value)
      .member("size", one.size)
      .member("sha256", hex);
  record(t, said, at);
}

} // namespace

result<attachment> add_attachment(pqxx::work& t, const attachment& what,
                                  std::span<const std::byte> bytes, incident::user_id by,
                                  timestamp at) {
  if (!is_file_name(what.name) || !is_text(what.name, 1, 200) || !is_media_type(what.media_type))
    return refuse("the name is no file name, or the type no media type");
  if (bytes.empty() || bytes.size() > attachment_limit_bytes)
    return refuse(fmt::format("an attachment has 1 to {} bytes", attachment_limit_bytes));
  if (const auto there = lock_incident(t, what.incident); !there)
    return unexpected{there.error()};
  const auto used = t.exec_params1(
      "SELECT count(*), coalesce(sum(size) FILTER (WHERE removed IS NULL), 0)::bigint FROM "
      "incident_attachment WHERE incident = $1",
      what.incident.value);
  if (used[0].as<std::int64_t>() >= attachments_limit ||
      used[1].as<std::int64_t>() + static_cast<std::int64_t>(bytes.size()) >
          attachments_limit_bytes)
    return refuse(fmt::format("an incident has at most {} attachments of {} bytes together",
                              attachments_limit, attachments_limit_bytes));
  const auto name = login_of(t, by);
  const attachment_id id{
      t.exec_params1("INSERT INTO incident_attachment (incident, name, media_type, size, hash, "
                     "bytes, made, made_by) VALUES ($1, $2, $3, $4, sha256($5::bytea), $5::bytea, "
                     "$6, $7) RETURNING id",
                     what.incident.value, what.name, what.media_type,
                     static_cast<std::int64_t>(bytes.size()), sql_bytes(bytes), sql_time(at),
                     name)[0]
          .as<std::int64_t>()};
  auto made = read_one(t, id);
  tell(t, *made, fmt::format("attachment {}: {}", id.value, what.name), name, at);
  return made;
}

std::vector<attachment> attachments_of(pqxx::work& t, incident::incident_id id, std::int64_t after,
                                       int limit) {
  std::vector<attachment> all;
  for (const auto& row : t.exec_params(
           fmt::format(
               "SELECT {} FROM incident_attachment WHERE incident = $1 AND id > $2 ORDER BY "
               "id LIMIT $3",
               columns),
           id.value, after, limit))
    all.push_back(attachment_of(row));
  return all;
}

result<repository::content> attachment_content(pqxx::work& t, attachment_id id) {
  auto found = read_one(t, id);
  if (!found)
    return unexpected{found.error()};
  if (found->removed)
    return not_found("the attachment was removed; its hash is kept");
  const auto row = t.exec_params1("SELECT bytes FROM incident_attachment WHERE id = $1", id.value);
  return repository::content{*std::move(found), bytes_of(row[0])};
}

result<attachment> remove_attachment(pqxx::work& t, attachment_id id, const std::string& why,
                                     incident::user_id by, timestamp at) {
  auto found = read_one(t, id);
  if (!found)
    return found;
  if (!is_text(why, 1, 1000))
    return refuse("to remove an attachment needs a reason of at most 1000 bytes");
  if (const auto there = lock_incident(t, found->incident); !there)
    return unexpected{there.error()};
  const auto name = login_of(t, by);
  if (t.exec_params("UPDATE incident_attachment SET bytes = NULL, removed = $2, removed_by = $3 "
                    "WHERE id = $1 AND removed IS NULL",
                    id.value, sql_time(at), name)
          .affected_rows() != 1)
    return refuse("the attachment was removed already");
  tell(t, *found, fmt::format("attachment {} removed: {}", id.value, why), name, at);
  return read_one(t, id);
}

} // namespace cresset::coord::store::casework
