#include "coord/store/sql_text.hpp"

#include <fmt/format.h>

#include <charconv>

namespace cresset::coord::store {

void array_text::separate() {
  if (text_.size() > 1)
    text_ += ',';
}

array_text& array_text::add(std::int64_t number) {
  separate();
  fmt::format_to(std::back_inserter(text_), "{}", number);
  return *this;
}

array_text& array_text::add(bool value) {
  separate();
  text_ += value ? 't' : 'f';
  return *this;
}

array_text& array_text::add(const ip_address& address) {
  separate();
  text_ += address.to_string();
  return *this;
}

array_text& array_text::add(std::string_view text) {
  separate();
  text_ += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\')
      text_ += '\\';
    text_ += c;
  }
  text_ += '"';
  return *this;
}

array_text& array_text::add(double number) {
  separate();
  fmt::format_to(std::back_inserter(text_), "{}", number);
  return *this;
}

std::string sql_time(timestamp t) {
  const auto micros = std::chrono::floor<std::chrono::microseconds>(t);
  const auto day = std::chrono::floor<std::chrono::days>(micros);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{micros - day};
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}.{:06}+00", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     time.hours().count(), time.minutes().count(), time.seconds().count(),
                     time.subseconds().count());
}

std::string sql_bytes(byte_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text(2 + 2 * bytes.size(), 'x');
  text[0] = '\\';
  std::size_t at = 2;
  for (const auto byte : bytes) {
    text[at++] = digits[std::to_integer<unsigned>(byte) >> 4];
    text[at++] = digits[std::to_integer<unsigned>(byte) & 0xfU];
  }
  return text;
}

timestamp time_of(const pqxx::field& micros) {
  return timestamp{std::chrono::microseconds{micros.as<std::int64_t>()}};
}

timestamp capture_time_of(const pqxx::field& nanoseconds) {
  return timestamp_from_ns(nanoseconds.as<std::int64_t>());
}

ip_address address_of(const pqxx::field& inet) {
  if (inet.is_null())
    return {};
  return ip_address::parse(inet.c_str()).value_or(ip_address{});
}

std::vector<std::byte> bytes_of(const pqxx::field& bytea) {
  if (bytea.is_null())
    return {};
  const pqxx::binarystring raw{bytea};
  const auto* const begin = reinterpret_cast<const std::byte*>(raw.data());
  return {begin, begin + raw.size()};
}

std::vector<std::int64_t> numbers_of(const pqxx::field& bigint_array) {
  std::vector<std::int64_t> numbers;
  const char* at = bigint_array.c_str();
  const char* const end = at + bigint_array.size();
  while (at < end) {
    std::int64_t number = 0;
    const auto read = std::from_chars(at, end, number);
    if (read.ec == std::errc{})
      numbers.push_back(number);
    at = read.ec == std::errc{} ? read.ptr : at + 1;
  }
  return numbers;
}

std::vector<std::string> texts_of(const pqxx::field& text_array) {
  std::vector<std::string> texts;
  if (text_array.is_null())
    return texts;
  auto parser = text_array.as_array();
  for (auto step = parser.get_next(); step.first != pqxx::array_parser::juncture::done;
       step = parser.get_next())
    if (step.first == pqxx::array_parser::juncture::string_value)
      texts.push_back(step.second);
  return texts;
}

} // namespace cresset::coord::store
