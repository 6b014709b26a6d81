#pragma once

#include "capture/base/byte_order.hpp"
#include "detect/alert/alert.hpp"
#include "detect/alert/uplink_message.hpp"
#include "detect/uplink/lmdb_environment.hpp"

#include <cstdint>
#include <optional>

/// The four tables of a spool, and what may be done to them inside one transaction. A *position*
/// counts alerts since the spool was made; a sequence is a position less the epoch's base.
namespace cresset::detect::uplink {

/// The small facts of a spool, kept in one value.
struct spool_facts {
  alert::epoch_id epoch;
  std::uint64_t base = 0;  ///< sequence = position - base
  std::uint64_t first = 1; ///< lowest position held or declared dropped
  std::uint64_t next = 1;  ///< the next alert's position
  std::uint64_t records = 0;
  std::uint64_t bytes = 0; ///< what the records cost on disk, about
};

/// Handles of the tables; opened once, good for the life of the environment.
struct spool_tables {
  MDB_dbi meta = 0;    ///< "format", "facts"
  MDB_dbi record = 0;  ///< position → head, record
  MDB_dbi urgency = 0; ///< (255 - severity, position) → nothing: the order of dropping
  MDB_dbi dropped = 0; ///< first position → last position

  static spool_tables open(lmdb_transaction& in, bool create) noexcept;
};

/// A record as it lies in its table.
struct stored_record {
  std::uint8_t severity = 0;
  bool is_sound = false; ///< the checksum holds
  byte_view record;
};
std::optional<stored_record> read_stored(byte_view value) noexcept;

/// What a record of this size costs, page rounding included.
std::uint64_t stored_cost(std::size_t record_bytes) noexcept;

/// Whether the meta table says this is a spool we can read; nothing in it at all is `fresh`.
enum class spool_format : std::uint8_t { ours, fresh, other };
spool_format read_format(lmdb_transaction& in, const spool_tables& tables) noexcept;
void write_format(lmdb_transaction& in, const spool_tables& tables) noexcept;
std::optional<spool_facts> read_facts(lmdb_transaction& in, const spool_tables& tables) noexcept;
void write_facts(lmdb_transaction& in, const spool_tables& tables,
                 const spool_facts& facts) noexcept;

/// Puts a record at facts.next.
void add_record(lmdb_transaction& in, const spool_tables& tables, spool_facts& facts,
                std::uint8_t severity, byte_view record) noexcept;
/// Drops the oldest of the least urgent records and declares its position; false when there is
/// none.
bool drop_one(lmdb_transaction& in, const spool_tables& tables, spool_facts& facts) noexcept;
/// Forgets at most `limit` records up to `through`, and the ranges among them; facts.first moves
/// on. False when more is left.
bool forget(lmdb_transaction& in, const spool_tables& tables, spool_facts& facts,
            std::uint64_t through, std::size_t limit) noexcept;

/// The declared range that holds the position, both ends included.
struct position_range {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
};
std::optional<position_range> range_around(lmdb_transaction& in, const spool_tables& tables,
                                           std::uint64_t position) noexcept;

} // namespace cresset::detect::uplink
