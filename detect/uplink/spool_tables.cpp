#include "detect/uplink/spool_tables.hpp"

#include "capture/base/byte_reader.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace cresset::detect::uplink {
namespace {

constexpr std::string_view format_text = "cresset-spool 1";
constexpr std::size_t facts_bytes = 16 + 5 * 8;
/// severity (1), seven zeros, checksum (8): so that the record behind it keeps its alignment of 8
/// relative to the value
constexpr std::size_t head_bytes = 16;
constexpr std::size_t page_bytes = 4096;
/// LMDB keeps a value of more than about half a page in pages of its own.
constexpr std::size_t inline_limit_bytes = 2000;

std::uint64_t checksum(std::uint8_t severity, byte_view record) noexcept {
  return XXH3_64bits_withSeed(record.data(), record.size(), severity);
}

using urgency_key = std::array<std::byte, 9>;
urgency_key to_urgency(std::uint8_t severity, std::uint64_t position) noexcept {
  urgency_key key{static_cast<std::byte>(255 - severity)};
  const auto tail = to_key(position);
  std::copy(tail.begin(), tail.end(), key.begin() + 1);
  return key;
}

/// Adds one position to the declared ranges; ranges that touch become one.
void declare_dropped(lmdb_transaction& in, const spool_tables& tables,
                     std::uint64_t position) noexcept {
  position_range range{position, position};
  if (const auto before = range_around(in, tables, position - 1))
    range.first = before->first;
  if (const auto behind = in.get(tables.dropped, to_key(position + 1))) {
    range.last = from_key(*behind);
    in.erase(tables.dropped, to_key(position + 1));
  }
  in.put(tables.dropped, to_key(range.first), to_key(range.last));
}

} // namespace

spool_tables spool_tables::open(lmdb_transaction& in, bool create) noexcept {
  spool_tables tables;
  tables.meta = in.table("meta", create);
  tables.record = in.table("record", create);
  tables.urgency = in.table("urgency", create);
  tables.dropped = in.table("dropped", create);
  return tables;
}

std::optional<stored_record> read_stored(byte_view value) noexcept {
  if (value.size() <= head_bytes)
    return std::nullopt;
  stored_record stored;
  stored.severity = std::to_integer<std::uint8_t>(value[0]);
  stored.record = value.subspan(head_bytes);
  stored.is_sound = load_be64(value.subspan<8, 8>()) == checksum(stored.severity, stored.record);
  return stored;
}

std::uint64_t stored_cost(std::size_t record_bytes) noexcept {
  const std::size_t bytes = record_bytes + head_bytes + 64; // keys, index entry, node heads
  return bytes < inline_limit_bytes ? bytes : (bytes + page_bytes - 1) / page_bytes * page_bytes;
}

spool_format read_format(lmdb_transaction& in, const spool_tables& tables) noexcept {
  if (const auto format = in.get(tables.meta, as_bytes("format")))
    return as_text(*format) == format_text ? spool_format::ours : spool_format::other;
  MDB_stat stat{};
  if (in.status() != MDB_SUCCESS || mdb_stat(in.handle(), tables.meta, &stat) != MDB_SUCCESS)
    return spool_format::other;
  return stat.ms_entries == 0 ? spool_format::fresh : spool_format::other;
}

void write_format(lmdb_transaction& in, const spool_tables& tables) noexcept {
  in.put(tables.meta, as_bytes("format"), as_bytes(format_text));
}

std::optional<spool_facts> read_facts(lmdb_transaction& in, const spool_tables& tables) noexcept {
  const auto value = in.get(tables.meta, as_bytes("facts"));
  if (!value || value->size() != facts_bytes)
    return std::nullopt;
  spool_facts facts;
  byte_reader reader{*value};
  const auto epoch = *reader.take(16);
  std::copy(epoch.begin(), epoch.end(), facts.epoch.bytes.begin());
  for (auto* number : {&facts.base, &facts.first, &facts.next, &facts.records, &facts.bytes})
    *number = *reader.be64();
  const bool holds =
      !facts.epoch.is_none() && facts.base < facts.first && facts.first <= facts.next;
  return holds ? std::optional{facts} : std::nullopt;
}

void write_facts(lmdb_transaction& in, const spool_tables& tables,
                 const spool_facts& facts) noexcept {
  std::array<std::byte, facts_bytes> value{};
  auto end = std::copy(facts.epoch.bytes.begin(), facts.epoch.bytes.end(), value.begin());
  for (const auto number : {facts.base, facts.first, facts.next, facts.records, facts.bytes}) {
    const auto bytes = to_key(number);
    end = std::copy(bytes.begin(), bytes.end(), end);
  }
  in.put(tables.meta, as_bytes("facts"), value);
}

void add_record(lmdb_transaction& in, const spool_tables& tables, spool_facts& facts,
                std::uint8_t severity, byte_view record) noexcept {
  const auto key = to_key(facts.next);
  const auto room = in.reserve(tables.record, key, head_bytes + record.size(), MDB_APPEND);
  if (room.empty())
    return;
  std::fill_n(room.begin(), head_bytes, std::byte{0});
  room[0] = std::byte{severity};
  const auto sum = to_key(checksum(severity, record));
  std::copy(sum.begin(), sum.end(), room.begin() + 8);
  std::copy(record.begin(), record.end(), room.begin() + head_bytes);
  in.put(tables.urgency, to_urgency(severity, facts.next), {});
  ++facts.next;
  ++facts.records;
  facts.bytes += stored_cost(record.size());
}

bool drop_one(lmdb_transaction& in, const spool_tables& tables, spool_facts& facts) noexcept {
  std::uint64_t position = 0;
  {
    lmdb_cursor cursor{in, tables.urgency};
    const auto least = cursor.first();
    if (!least)
      return false;
    position = from_key(least->key);
    cursor.erase();
  }
  const auto key = to_key(position);
  if (const auto value = in.get(tables.record, key)) {
    facts.bytes -=
        std::min(facts.bytes, stored_cost(value->size() - std::min(value->size(), head_bytes)));
    facts.records -= std::min<std::uint64_t>(facts.records, 1);
    in.erase(tables.record, key);
  }
  declare_dropped(in, tables, position);
  return in.status() == MDB_SUCCESS;
}

bool forget(lmdb_transaction& in, const spool_tables& tables, spool_facts& facts,
            std::uint64_t through, std::size_t limit) noexcept {
  through = std::min(through, facts.next - 1);
  std::uint64_t done = through;
  {
    lmdb_cursor cursor{in, tables.record};
    for (std::size_t i = 0;; ++i) {
      const auto oldest = cursor.first();
      const auto position = oldest ? from_key(oldest->key) : ~std::uint64_t{0};
      if (position > through)
        break;
      if (i == limit) {
        done = position - 1;
        break;
      }
      const auto severity =
          oldest->value.empty() ? std::uint8_t{0} : std::to_integer<std::uint8_t>(oldest->value[0]);
      facts.bytes -= std::min(facts.bytes, stored_cost(oldest->value.size() -
                                                       std::min(oldest->value.size(), head_bytes)));
      facts.records -= std::min<std::uint64_t>(facts.records, 1);
      in.erase(tables.urgency, to_urgency(severity, position));
      cursor.erase();
    }
  }
  lmdb_cursor ranges{in, tables.dropped};
  for (auto range = ranges.first(); range && from_key(range->key) <= done; range = ranges.first()) {
    const auto last = from_key(range->value);
    ranges.erase();
    if (last > done) {
      in.put(tables.dropped, to_key(done + 1), to_key(last));
      break;
    }
  }
  facts.first = std::max(facts.first, done + 1);
  return done == through;
}

std::optional<position_range> range_around(lmdb_transaction& in, const spool_tables& tables,
                                           std::uint64_t position) noexcept {
  lmdb_cursor cursor{in, tables.dropped};
  auto range = cursor.from(to_key(position));
  if (!range || from_key(range->key) != position)
    range = range ? cursor.previous() : cursor.last();
  if (!range || from_key(range->key) > position || from_key(range->value) < position)
    return std::nullopt;
  return position_range{from_key(range->key), from_key(range->value)};
}

} // namespace cresset::detect::uplink
