#include "coord/store/federation_store.hpp"

#include "coord/federation/stream.hpp"
#include "coord/federation/withdrawal.hpp"
#include "coord/store/connection_pool.hpp"
#include "coord/store/federation_rows.hpp"
#include "coord/store/sql_text.hpp"

#include <algorithm>

namespace cresset::coord::store {
namespace {

using namespace federation;
using signed_::digest;

template <typename T>
using in_transaction = expected<T, store_error>;

constexpr auto out = stream_direction::outgoing;
constexpr auto in = stream_direction::incoming;
constexpr const char* held_text = "held";
constexpr const char* equivocation_text = "equivocation";

unexpected<store_error> moved() {
  return unexpected{store_error{store_errc::stale, ""}};
}
unexpected<store_error> refuse(const char* what) {
  return unexpected{store_error{store_errc::refused, what}};
}

stream_store_errc meaning_of(const store_error& error) {
  if (error.why == store_errc::stale)
    return stream_store_errc::moved;
  if (error.why == store_errc::refused && error.text == held_text)
    return stream_store_errc::held;
  if (error.why == store_errc::refused && error.text == equivocation_text)
    return stream_store_errc::equivocation;
  return stream_store_errc::unavailable;
}

/// The outcome of a transaction as the interface tells it.
template <typename T>
federation::stored<T> told(expected<T, store_error> outcome) {
  if (!outcome)
    return unexpected{meaning_of(outcome.error())};
  if constexpr (std::is_void_v<T>)
    return {};
  else
    return *std::move(outcome);
}

/// A partner's texts may hold what PostgreSQL does not take in a text: NUL.
std::string plain(std::string text) {
  std::replace(text.begin(), text.end(), '\0', ' ');
  return text;
}

in_transaction<void> open_epoch(pqxx::work& t, const std::string& partner,
                                stream_direction direction, const stream_position& expected_head,
                                const stream_epoch& opened) {
  if (!(read_stream(t, partner, direction, true).head == expected_head))
    return moved();
  add_epoch(t, partner, direction, opened);
  return {};
}

std::optional<stream_entry> one_entry(const pqxx::result& rows) {
  return rows.empty() ? std::nullopt : std::optional{entry_of(rows[0])};
}

signed_::seal seal_of(const pqxx::row& row, int first) {
  signed_::seal read;
  read.kind = row[first].as<std::string>();
  read.id = row[first + 1].as<std::string>();
  read.version = row[first + 2].as<std::string>();
  return read;
}

} // namespace

federation::stored<outgoing_state> federation_store::outgoing(std::string_view partner) {
  return told(pool_.transact([&](pqxx::work& t) -> in_transaction<outgoing_state> {
    const std::string id{partner};
    const auto stream = read_stream(t, id, out, false);
    return outgoing_state{read_epochs(t, id, out), stream.head, stream.acknowledged, stream.held};
  }));
}

federation::stored<incoming_state> federation_store::incoming(std::string_view partner) {
  return told(pool_.transact([&](pqxx::work& t) -> in_transaction<incoming_state> {
    const std::string id{partner};
    const auto stream = read_stream(t, id, in, false);
    return incoming_state{read_epochs(t, id, in), stream.head};
  }));
}

federation::stored<void> federation_store::open_outgoing(std::string_view partner,
                                                         const stream_position& expected_head,
                                                         const stream_epoch& opened) {
  return told(pool_.transact([&](pqxx::work& t) {
    return open_epoch(t, std::string{partner}, out, expected_head, opened);
  }));
}

federation::stored<append_outcome>
federation_store::append_outgoing(std::string_view partner, const stream_position& expected_head,
                                  const stream_entry& entry, const signed_::seal& content) {
  return told(pool_.transact([&](pqxx::work& t) -> in_transaction<append_outcome> {
    const std::string id{partner};
    const auto stream = read_stream(t, id, out, true);
    if (stream.held)
      return refuse(held_text);
    const auto known = t.exec_params(
        "SELECT object_body = $4::bytea FROM federation_entry WHERE partner = $1 AND direction = 0 "
        "AND object_id = $2 AND object_version = $3 AND NOT superseded",
        id, content.id, content.version, sql_bytes(content.body.bytes));
    if (!known.empty())
      return known[0][0].as<bool>() ? in_transaction<append_outcome>{append_outcome::already_there}
                                    : refuse(equivocation_text);
    if (!(stream.head == expected_head) || entry.sequence != stream.head.sequence + 1)
      return moved();
    add_entry(t, id, out, stream.head, {entry, content, disposition::take, "", ""});
    return append_outcome::appended;
  }));
}

federation::stored<std::vector<stream_entry>>
federation_store::read_outgoing(std::string_view partner, const stream_position& from,
                                std::size_t limit) {
  return told(pool_.transact([&](pqxx::work& t) -> in_transaction<std::vector<stream_entry>> {
    std::vector<stream_entry> read;
    for (const auto& row : t.exec_params(
             std::string{"SELECT "} + entry_columns +
                 " FROM federation_entry WHERE partner = $1 AND direction = 0 AND epoch = $2 "
                 "AND sequence > $3 ORDER BY sequence LIMIT $4",
             std::string{partner}, from.epoch, from.sequence, limit))
      read.push_back(entry_of(row));
    return read;
  }));
}

federation::stored<std::optional<digest>> federation_store::outgoing_hash(std::string_view partner,
                                                                          const epoch_id& epoch,
                                                                          std::uint64_t sequence) {
  return told(pool_.transact([&](pqxx::work& t) -> in_transaction<std::optional<digest>> {
    const auto rows = sequence == 0 ? t.exec_params("SELECT hash FROM federation_epoch WHERE "
                                                    "partner = $1 AND direction = 0 AND epoch = $2",
                                                    std::string{partner}, epoch)
                                    : t.exec_params("SELECT hash FROM federation_entry WHERE "
                                                    "partner = $1 AND direction = 0 AND epoch = $2 "
                                                    "AND sequence = $3",
                                                    std::string{partner}, epoch, sequence);
    if (rows.empty())
      return std::optional<digest>{};
    digest read;
    const auto bytes = bytes_of(rows[0][0]);
    std::copy_n(bytes.begin(), std::min(bytes.size(), read.bytes.size()), read.bytes.begin());
    return std::optional{read};
  }));
}

federation::stored<void> federation_store::acknowledge(std::string_view partner,
                                                       const stream_position& position) {
  return told(pool_.transact([&](pqxx::work& t) -> in_transaction<void> {
    t.exec_params("UPDATE federation_stream s SET acked_epoch = $2, acked_ordinal = e.ordinal, "
                  "acked_sequence = $3, "
                  "acked_hash = $4::bytea FROM federation_epoch e WHERE s.partner = $1 AND "
                  "s.direction = 0 AND "
                  "e.partner = $1 AND e.direction = 0 AND e.epoch = $2 AND "
                  "(e.ordinal, $3::bigint) > (s.acked_ordinal, s.acked_sequence)",
                  std::string{partner}, position.epoch, position.sequence,
                  sql_bytes(position.hash.bytes));
    return {};
  }));
}

federation::stored<void> federation_store::hold_outgoing() {
  return told(pool_.transact([&](pqxx::work& t) -> in_transaction<void> {
    t.exec("UPDATE federation_stream SET held = true WHERE direction = 0");
    return {};
  }));
}

federation::stored<void> federation_store::open_incoming(std::string_view partner,
                                                         const stream_position& expected_head,
                                                         const stream_epoch& opened) {
  return told(pool_.transact([&](pqxx::work& t) -> in_transaction<void> {
    const std::string id{partner};
    const auto outcome = open_epoch(t, id, in, expected_head, opened);
    if (outcome && opened.after)
      t.exec_params("UPDATE federation_entry SET superseded = true WHERE partner = $1 AND "
                    "direction = 1 AND epoch = $2 "
                    "AND sequence > $3",
                    id, opened.after->epoch, opened.after->sequence);
    return outcome;
  }));
}

namespace {

/// What a partner takes back of its own; objects of others are not its to withdraw, and are not in
/// its stream.
void keep_withdrawal(pqxx::work& t, const std::string& partner, const std::string& body) {
  const auto told = federation::read_withdrawal(body);
  if (!told)
    return;
  t.exec_params("INSERT INTO federation_withdrawal (partner, object_id, object_version, reason, "
                "told, stored) SELECT $1, $2, $3, $4, $5, now() WHERE EXISTS (SELECT 1 FROM "
                "federation_entry WHERE partner = $1 AND direction = 1 AND object_id = $2) ON "
                "CONFLICT (partner, object_id) DO UPDATE SET object_version = "
                "excluded.object_version, reason = excluded.reason, told = excluded.told, stored = "
                "excluded.stored",
                partner, told->about_id, told->about_version, told->reason, told->at);
}

} // namespace

federation::stored<stream_position>
federation_store::append_incoming(std::string_view partner, const stream_position& expected_head,
                                  std::span<const received_entry> entries) {
  return told(pool_.transact([&](pqxx::work& t) -> in_transaction<stream_position> {
    const std::string id{partner};
    auto head = read_stream(t, id, in, true).head;
    if (!(head == expected_head))
      return moved();
    for (const received_entry& arrived : entries) {
      // Checked when it came; checked again here, where the head cannot move any more.
      const auto read = read_envelope(arrived.entry.envelope);
      if (!read || read->stated.at.epoch != head.epoch ||
          judge(head.in_chain(), read->stated.at.sequence, read->stated.at.hash) !=
              signed_::chain_verdict::next)
        return moved();
      auto kept = arrived;
      kept.note = plain(std::move(kept.note));
      head = add_entry(t, id, in, head, kept);
      if (arrived.seal.kind == federation::withdrawal_kind)
        keep_withdrawal(t, id, arrived.entry.content.body);
    }
    return head;
  }));
}

federation::stored<std::optional<stream_entry>>
federation_store::incoming_entry(std::string_view partner, const epoch_id& epoch,
                                 std::uint64_t sequence) {
  return told(pool_.transact([&](pqxx::work& t) -> in_transaction<std::optional<stream_entry>> {
    return one_entry(t.exec_params(
        std::string{"SELECT "} + entry_columns +
            " FROM federation_entry WHERE partner = $1 AND direction = 1 AND epoch = $2 "
            "AND sequence = $3",
        std::string{partner}, epoch, sequence));
  }));
}

federation::stored<std::optional<stream_entry>>
federation_store::incoming_object(std::string_view partner, std::string_view object_id,
                                  std::string_view version) {
  return told(pool_.transact([&](pqxx::work& t) -> in_transaction<std::optional<stream_entry>> {
    return one_entry(t.exec_params(
        std::string{"SELECT "} + entry_columns +
            " FROM federation_entry WHERE partner = $1 AND direction = 1 AND object_id = $2 "
            "AND object_version = $3 AND NOT superseded LIMIT 1",
        std::string{partner}, std::string{object_id}, std::string{version}));
  }));
}

federation::stored<std::vector<unprocessed_entry>>
federation_store::unprocessed(std::string_view partner, std::size_t limit) {
  return told(pool_.transact([&](pqxx::work& t) -> in_transaction<std::vector<unprocessed_entry>> {
    std::vector<unprocessed_entry> read;
    for (const auto& row :
         t.exec_params(std::string{"SELECT "} + entry_columns +
                           ", epoch, kind, object_id, object_version, disposition, note, released "
                           "FROM federation_entry "
                           "WHERE partner = $1 AND direction = 1 AND NOT processed AND NOT "
                           "superseded ORDER BY position LIMIT $2",
                       std::string{partner}, limit)) {
      auto entry = entry_of(row);
      const stream_position at{row[4].as<std::string>(), entry.sequence,
                               digest::of(entry.envelope)};
      read.push_back(
          {at,
           {std::move(entry), seal_of(row, 5), static_cast<disposition>(row[8].as<int>()),
            row[9].as<std::string>(), row[10].as<std::string>()}});
    }
    return read;
  }));
}

federation::stored<void> federation_store::mark_processed(std::string_view partner,
                                                          const epoch_id& epoch,
                                                          std::uint64_t sequence) {
  return told(pool_.transact([&](pqxx::work& t) -> in_transaction<void> {
    t.exec_params("UPDATE federation_entry SET processed = true WHERE partner = $1 AND direction = "
                  "1 AND epoch = $2 "
                  "AND sequence = $3",
                  std::string{partner}, epoch, sequence);
    return {};
  }));
}

federation::stored<std::optional<released_object>>
federation_store::released(std::string_view source) {
  return told(pool_.transact([&](pqxx::work& t) -> in_transaction<std::optional<released_object>> {
    const auto rows = t.exec_params(
        "SELECT source_version, object_id, micros(created), micros(modified), seal, body "
        "FROM federation_object WHERE source = $1 ORDER BY source_version DESC LIMIT 1",
        std::string{source});
    if (rows.empty())
      return std::optional<released_object>{};
    const auto row = rows[0];
    return std::optional{released_object{row[0].as<std::int64_t>(),
                                         row[1].as<std::string>(),
                                         time_of(row[2]),
                                         time_of(row[3]),
                                         {text_of_bytes(row[4]), text_of_bytes(row[5])}}};
  }));
}

federation::stored<append_outcome> federation_store::keep_released(std::string_view source,
                                                                   const released_object& made) {
  return told(pool_.transact([&](pqxx::work& t) -> in_transaction<append_outcome> {
    const auto rows =
        t.exec_params("INSERT INTO federation_object (source, source_version, object_id, created, "
                      "modified, seal, "
                      "body) VALUES ($1, $2, $3, $4, $5, $6::bytea, $7::bytea) ON CONFLICT DO "
                      "NOTHING RETURNING 1",
                      std::string{source}, made.source_version, made.object_id,
                      sql_time(made.created), sql_time(made.modified),
                      bytea_text(made.content.seal_bytes), bytea_text(made.content.body));
    return rows.empty() ? append_outcome::already_there : append_outcome::appended;
  }));
}

federation::stored<void> federation_store::raise(const partner_alarm& raised) {
  return told(pool_.transact([&](pqxx::work& t) -> in_transaction<void> {
    array_text evidence;
    for (const auto& bytes : raised.evidence)
      evidence.add(std::string_view{
          bytea_text(std::string_view{bytes}.substr(0, alarm_limit_evidence_bytes))});
    t.exec_params("INSERT INTO federation_alarm (partner, kind, sentence, evidence) VALUES ($1, "
                  "$2, $3, $4::bytea[])",
                  raised.partner, std::string{to_string(raised.kind)}, plain(raised.sentence),
                  evidence.str());
    return {};
  }));
}

federation::stored<std::uint64_t> federation_store::alarms(std::string_view partner) {
  const auto counted = pool_.transact([&](pqxx::work& t) -> expected<std::uint64_t, store_error> {
    return t
        .exec_params1("SELECT count(*) FROM federation_alarm WHERE partner = $1",
                      std::string{partner})[0]
        .as<std::uint64_t>();
  });
  if (!counted)
    return unexpected{federation::stream_store_errc::unavailable};
  return *counted;
}

} // namespace cresset::coord::store
