#pragma once

#include "capture/base/ip_address.hpp"
#include "capture/base/timestamp.hpp"

#include <pqxx/pqxx>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cresset::coord::store {

/// An array parameter, which libpqxx 6 cannot write: "{1,2,3}".
class array_text {
public:
  array_text& add(std::int64_t number);
  array_text& add(bool value);
  array_text& add(const ip_address& address);
  /// In quotation marks, with those inside escaped.
  array_text& add(std::string_view text);
  /// Exact at any magnitude.
  array_text& add(double number);
  std::string str() const { return text_ + '}'; }

private:
  void separate();
  std::string text_ = "{";
};

/// "2026-11-21 22:07:38.123456+00": a timestamptz has microseconds.
std::string sql_time(timestamp t);
/// "\x0a0b…": a bytea.
std::string sql_bytes(byte_view bytes);

/// What a column of `micros(…)` holds.
timestamp time_of(const pqxx::field& micros);
/// What a `…_ns` column holds.
timestamp capture_time_of(const pqxx::field& nanoseconds);
/// An inet without a mask; 0.0.0.0 when it is NULL.
ip_address address_of(const pqxx::field& inet);
std::vector<std::byte> bytes_of(const pqxx::field& bytea);
std::vector<std::int64_t> numbers_of(const pqxx::field& bigint_array);
std::vector<std::string> texts_of(const pqxx::field& text_array);

/// 0 becomes NULL: an id that names nothing.
template <typename Id>
std::optional<std::int64_t> nullable(const std::optional<Id>& id) {
  return id ? std::optional{id->value} : std::nullopt;
}
template <typename Id>
std::optional<Id> id_of(const pqxx::field& bigint) {
  return bigint.is_null() ? std::nullopt : std::optional{Id{bigint.as<std::int64_t>()}};
}

} // namespace cresset::coord::store
