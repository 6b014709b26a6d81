// PostgreSQL's binary COPY (its manual, "COPY", File Formats, Binary Format):
//
//   "PGCOPY\n\377\r\n\0" | flags 32 | extension length 32
//   each row:  columns 16, each column: length 32 (-1: NULL), its bytes in network order
//   -1 as the last number of columns
//
// timestamptz is microseconds since 2000; inet is family (2, 3), bits, is_cidr, length, bytes. Per
// alert of 1 KB this saves about half of what the text form costs: no hexadecimal twice, no
// escaping, no parsing of numbers (docs/decisions/0008).
#include "coord/store/binary_copy.hpp"

#include "coord/store/direct_connection.hpp"

#include <libpq-fe.h>

#include <cassert>
#include <limits>

namespace cresset::coord::store {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t flush_bytes = std::size_t{64} << 10;
constexpr std::int64_t micros_1970_to_2000 = 946'684'800'000'000;
constexpr char family_v4 = 2; // PGSQL_AF_INET
constexpr char family_v6 = 3; // PGSQL_AF_INET6

void put(std::string& to, std::uint64_t value, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
    to += static_cast<char>(value >> shift & 0xffU);
}

/// What libpqxx would throw for this answer.
[[noreturn]] void fail(const std::string& state, const std::string& why, const std::string& what) {
  if (state.starts_with("53"))
    throw pqxx::insufficient_resources{why, what, state.c_str()};
  if (state.starts_with("40"))
    throw pqxx::transaction_rollback{why};
  if (state.empty() || state.starts_with("57") || state.starts_with("08"))
    throw pqxx::broken_connection{why};
  throw pqxx::sql_error{why, what, state.c_str()};
}

} // namespace

binary_copy::binary_copy(pqxx::work& t, std::string_view into)
    : handle_{static_cast<direct_connection&>(t.conn()).handle()},
      what_{"COPY " + std::string{into} + " FROM STDIN (FORMAT binary)"} {
  t.exec(what_);
  is_open_ = true;
  waiting_.reserve(flush_bytes * 2);
  waiting_ = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0"sv;
}

binary_copy::~binary_copy() {
  if (is_open_)
    give_up();
}

void binary_copy::give_up() noexcept {
  is_open_ = false;
  if (PQputCopyEnd(handle_, "given up") != 1)
    return; // the connection is gone, and with it the transaction
  while (PGresult* const answer = PQgetResult(handle_))
    PQclear(answer);
}

binary_copy& binary_copy::row(std::int16_t columns) {
  if (waiting_.size() >= flush_bytes)
    flush();
  put(waiting_, static_cast<std::uint16_t>(columns), 2);
  return *this;
}

binary_copy& binary_copy::add_smallint(std::int64_t value) {
  assert(value >= std::numeric_limits<std::int16_t>::min() &&
         value <= std::numeric_limits<std::int16_t>::max());
  put(waiting_, 2, 4);
  put(waiting_, static_cast<std::uint64_t>(value), 2);
  return *this;
}

binary_copy& binary_copy::add_integer(std::int64_t value) {
  assert(value >= std::numeric_limits<std::int32_t>::min() &&
         value <= std::numeric_limits<std::int32_t>::max());
  put(waiting_, 4, 4);
  put(waiting_, static_cast<std::uint64_t>(value), 4);
  return *this;
}

binary_copy& binary_copy::add_bigint(std::int64_t value) {
  put(waiting_, 8, 4);
  put(waiting_, static_cast<std::uint64_t>(value), 8);
  return *this;
}

binary_copy& binary_copy::add_text(std::string_view value) {
  put(waiting_, value.size(), 4);
  waiting_ += value;
  return *this;
}

binary_copy& binary_copy::add_bytes(byte_view value) {
  return add_text(as_text(value));
}

binary_copy& binary_copy::add_time(timestamp value) {
  return add_bigint(
      std::chrono::floor<std::chrono::microseconds>(value).time_since_epoch().count() -
      micros_1970_to_2000);
}

binary_copy& binary_copy::add_address(const ip_address& value) {
  const auto bytes = value.bytes();
  put(waiting_, 4 + bytes.size(), 4);
  waiting_ += value.is_v4() ? family_v4 : family_v6;
  put(waiting_, value.width_bits(), 1);
  put(waiting_, 0, 1); // no cidr
  put(waiting_, bytes.size(), 1);
  waiting_ += as_text(bytes);
  return *this;
}

binary_copy& binary_copy::add_null() {
  put(waiting_, 0xffff'ffffU, 4);
  return *this;
}

void binary_copy::flush() {
  if (PQputCopyData(handle_, waiting_.data(), static_cast<int>(waiting_.size())) != 1) {
    is_open_ = false;
    throw pqxx::broken_connection{PQerrorMessage(handle_)};
  }
  waiting_.clear();
}

void binary_copy::complete() {
  put(waiting_, 0xffffU, 2);
  flush();
  is_open_ = false;
  if (PQputCopyEnd(handle_, nullptr) != 1)
    throw pqxx::broken_connection{PQerrorMessage(handle_)};
  bool is_well = true;
  std::string why;
  std::string state;
  while (PGresult* const answer = PQgetResult(handle_)) {
    if (PQresultStatus(answer) != PGRES_COMMAND_OK && is_well) {
      is_well = false;
      why = PQresultErrorMessage(answer);
      const char* const code = PQresultErrorField(answer, PG_DIAG_SQLSTATE);
      state = code != nullptr ? code : "";
    }
    PQclear(answer);
  }
  if (!is_well)
    fail(state, why, what_);
}

} // namespace cresset::coord::store
