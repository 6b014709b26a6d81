#pragma once

#include "capture/base/ip_address.hpp"
#include "capture/base/timestamp.hpp"

#include <pqxx/pqxx>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cresset::coord::store {

/// COPY … FROM STDIN (FORMAT binary) within a transaction: rows go to the server as they are made,
/// without a text form that both ends would have to write and read. For many rows of known types;
/// everything else goes through statements. Between its making and `complete` nothing else may be
/// asked of the transaction. Throws what libpqxx throws.
class binary_copy {
public:
  /// `into` is what stands behind COPY: "alert (position, group_id)". The transaction's connection
  /// must be a `direct_connection`.
  binary_copy(pqxx::work& t, std::string_view into);
  /// Not completed: the server is told to forget the rows, which fails the transaction.
  ~binary_copy();
  binary_copy(const binary_copy&) = delete;
  binary_copy& operator=(const binary_copy&) = delete;

  /// Begins a row; exactly as many `add…` follow as the row has columns, in their order.
  binary_copy& row(std::int16_t columns);
  binary_copy& add_smallint(std::int64_t value);
  binary_copy& add_integer(std::int64_t value);
  binary_copy& add_bigint(std::int64_t value);
  /// UTF-8 without NUL, which the caller has seen to: else the server refuses the whole COPY.
  binary_copy& add_text(std::string_view value);
  binary_copy& add_bytes(byte_view value);
  /// A timestamptz; cut to microseconds.
  binary_copy& add_time(timestamp value);
  /// An inet without a mask.
  binary_copy& add_address(const ip_address& value);
  binary_copy& add_null();

  /// All rows are with the server, or an exception says why not.
  void complete();

private:
  void flush();
  void give_up() noexcept;

  pqxx::internal::pq::PGconn* handle_;
  std::string what_;
  std::string waiting_;
  bool is_open_ = false;
};

} // namespace cresset::coord::store
