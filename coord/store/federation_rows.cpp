#include "coord/store/federation_rows.hpp"

#include "coord/store/sql_text.hpp"

#include <algorithm>

namespace cresset::coord::store {
namespace {

using namespace federation;
using signed_::digest;

digest digest_of(const pqxx::field& bytea) {
  digest read;
  const pqxx::binarystring bytes{bytea};
  if (bytes.size() == read.bytes.size())
    std::copy_n(reinterpret_cast<const std::byte*>(bytes.data()), read.bytes.size(),
                read.bytes.begin());
  return read;
}

std::string digest_text(const digest& hash) {
  return sql_bytes(hash.bytes);
}

void move_head(pqxx::work& t, const std::string& partner, stream_direction direction,
               const stream_position& head) {
  t.exec_params(
      "UPDATE federation_stream SET head_epoch = $3, head_sequence = $4, head_hash = $5::bytea "
      "WHERE partner = $1 AND direction = $2",
      partner, static_cast<int>(direction), head.epoch, head.sequence, digest_text(head.hash));
}

} // namespace

std::string text_of_bytes(const pqxx::field& bytea) {
  return pqxx::binarystring{bytea}.str();
}
std::string bytea_text(std::string_view bytes) {
  return sql_bytes(as_bytes(bytes));
}

stream_row read_stream(pqxx::work& t, const std::string& partner, stream_direction direction,
                       bool lock) {
  if (lock)
    t.exec_params(
        "INSERT INTO federation_stream (partner, direction) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        partner, static_cast<int>(direction));
  const auto rows =
      t.exec_params(std::string{"SELECT head_epoch, head_sequence, head_hash, acked_epoch, "
                                "acked_sequence, acked_hash, held "
                                "FROM federation_stream WHERE partner = $1 AND direction = $2"} +
                        (lock ? " FOR UPDATE" : ""),
                    partner, static_cast<int>(direction));
  stream_row read;
  if (rows.empty())
    return read;
  const auto row = rows[0];
  read.head = {row[0].as<std::string>(), row[1].as<std::uint64_t>(), digest_of(row[2])};
  read.acknowledged = {row[3].as<std::string>(), row[4].as<std::uint64_t>(), digest_of(row[5])};
  read.held = row[6].as<bool>();
  return read;
}

std::vector<stream_epoch> read_epochs(pqxx::work& t, const std::string& partner,
                                      stream_direction direction) {
  std::vector<stream_epoch> epochs;
  for (const auto& row : t.exec_params(
           "SELECT epoch, opening, after_epoch, after_sequence, after_hash FROM federation_epoch "
           "WHERE partner = $1 AND direction = $2 ORDER BY ordinal",
           partner, static_cast<int>(direction))) {
    stream_epoch read{row[0].as<std::string>(), text_of_bytes(row[1]), std::nullopt};
    if (!row[2].is_null())
      read.after =
          stream_position{row[2].as<std::string>(), row[3].as<std::uint64_t>(), digest_of(row[4])};
    epochs.push_back(std::move(read));
  }
  return epochs;
}

void add_epoch(pqxx::work& t, const std::string& partner, stream_direction direction,
               const stream_epoch& opened) {
  std::optional<std::string> epoch;
  std::optional<std::uint64_t> sequence;
  std::optional<std::string> hash;
  if (opened.after) {
    epoch = opened.after->epoch;
    sequence = opened.after->sequence;
    hash = digest_text(opened.after->hash);
  }
  const stream_position head{opened.epoch, 0, digest::of(opened.opening)};
  t.exec_params("INSERT INTO federation_epoch (partner, direction, ordinal, epoch, opening, hash, "
                "after_epoch, "
                "after_sequence, after_hash) SELECT $1, $2::smallint, coalesce(max(ordinal) + 1, "
                "0), $3, $4::bytea, $5::bytea, "
                "$6, $7::bigint, $8::bytea FROM federation_epoch WHERE partner = $1 AND direction "
                "= $2::smallint",
                partner, static_cast<int>(direction), opened.epoch, bytea_text(opened.opening),
                digest_text(head.hash), epoch, sequence, hash);
  move_head(t, partner, direction, head);
  t.exec_params("UPDATE federation_stream SET held = false WHERE partner = $1 AND direction = $2",
                partner, static_cast<int>(direction));
}

stream_position add_entry(pqxx::work& t, const std::string& partner, stream_direction direction,
                          const stream_position& head, const received_entry& entry) {
  const stream_position moved{head.epoch, entry.entry.sequence, digest::of(entry.entry.envelope)};
  t.exec_params("INSERT INTO federation_entry (partner, direction, epoch, sequence, envelope, "
                "seal, body, hash, kind, object_id, "
                "object_version, object_body, disposition, note, released) VALUES ($1, $2, $3, $4, "
                "$5::bytea, $6::bytea, "
                "$7::bytea, $8::bytea, $9, $10, $11, $12::bytea, $13, $14, $15)",
                partner, static_cast<int>(direction), moved.epoch, moved.sequence,
                bytea_text(entry.entry.envelope), bytea_text(entry.entry.content.seal_bytes),
                bytea_text(entry.entry.content.body), digest_text(moved.hash), entry.seal.kind,
                entry.seal.id, entry.seal.version, digest_text(entry.seal.body),
                static_cast<int>(entry.what), entry.note, entry.released);
  move_head(t, partner, direction, moved);
  return moved;
}

stream_entry entry_of(const pqxx::row& row) {
  return {row[0].as<std::uint64_t>(),
          text_of_bytes(row[1]),
          {text_of_bytes(row[2]), text_of_bytes(row[3])}};
}

} // namespace cresset::coord::store
