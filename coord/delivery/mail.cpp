#include "coord/delivery/mail.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace cresset::coord::delivery {
namespace {

// "=?UTF-8?B?" and "?=" leave 63 bytes of base64: 45 of text.
constexpr std::size_t word_bytes = 45;

std::string base64(std::string_view bytes) {
  static constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const auto left = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k)
      group = group << 8 | (k < left ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k)
      out += k <= left ? digits[group >> (18 - 6 * k) & 63U] : '=';
  }
  return out;
}

bool is_plain(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7f; }) &&
         text.find("=?") == std::string_view::npos;
}

/// The longest start of at most `most` bytes that ends between two characters.
std::size_t whole_characters(std::string_view text, std::size_t most) {
  auto end = std::min(most, text.size());
  while (end > 0 && end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U)
    --end;
  return end == 0 ? std::min(most, text.size()) : end;
}

} // namespace

bool is_mail_address(std::string_view text) noexcept {
  const auto at = text.find('@');
  return text.size() <= 254 && at != std::string_view::npos && at > 0 && at + 1 < text.size() &&
         text.find('@', at + 1) == std::string_view::npos && std::ranges::all_of(text, [](char c) {
           return c > 0x20 && c < 0x7f &&
                  std::string_view{"<>()[],;:\\\""}.find(c) == std::string_view::npos;
         });
}

std::string header_text(std::string_view utf8) {
  if (is_plain(utf8))
    return std::string{utf8};
  std::string out;
  while (!utf8.empty()) {
    const auto length = whole_characters(utf8, word_bytes);
    out += fmt::format("{}=?UTF-8?B?{}?=", out.empty() ? "" : " ", base64(utf8.substr(0, length)));
    utf8.remove_prefix(length);
  }
  return out;
}

std::string header_date(timestamp at) {
  using namespace std::chrono;
  static constexpr std::array<std::string_view, 7> days{"Sun", "Mon", "Tue", "Wed",
                                                        "Thu", "Fri", "Sat"};
  static constexpr std::array<std::string_view, 12> months{
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = floor<std::chrono::days>(at);
  const year_month_day date{day};
  const hh_mm_ss time{floor<seconds>(at - day)};
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} +0000", days[weekday{day}.c_encoding()],
                     static_cast<unsigned>(date.day()),
                     months[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                     time.hours().count(), time.minutes().count(), time.seconds().count());
}

} // namespace cresset::coord::delivery
