#include "detect/proto/tls/fingerprint.hpp"

#include "detect/proto/digest.hpp"
#include "detect/proto/tls/hello.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace cresset::detect::proto::tls {
namespace {

constexpr std::uint16_t server_name_extension = 0;
constexpr std::uint16_t alpn_extension = 16;
constexpr std::size_t ja4_hash_digits = 12;
constexpr std::size_t ja4_count_limit = 99;

template <typename Numbers>
void append_joined(std::string& text, const Numbers& numbers) {
  bool first = true;
  for (const auto one : numbers) {
    if (is_grease(one))
      continue;
    if (!first)
      text += '-';
    first = false;
    text += fmt::format_int(one).c_str();
  }
}

std::string joined_hex(const std::vector<std::uint16_t>& numbers) {
  std::string text;
  for (const auto one : numbers)
    fmt::format_to(std::back_inserter(text), "{}{:04x}", text.empty() ? "" : ",", one);
  return text;
}

std::vector<std::uint16_t> without_grease(std::vector<std::uint16_t> numbers) {
  std::erase_if(numbers, [](std::uint16_t one) { return is_grease(one); });
  return numbers;
}

std::string_view ja4_version(std::uint16_t version) noexcept {
  switch (version) {
  case 0x0304: return "13";
  case 0x0303: return "12";
  case 0x0302: return "11";
  case 0x0301: return "10";
  case 0x0300: return "s3";
  case 0x0002: return "s2";
  case 0xfeff: return "d1";
  case 0xfefd: return "d2";
  case 0xfefc: return "d3";
  default: return "00";
  }
}

/// First and last letter of the first protocol offered; of its hexadecimal digits when one is no
/// letter or digit.
std::string ja4_alpn(const client_hello& hello) {
  if (hello.alpns.empty() || hello.alpns.front().empty())
    return "00";
  const auto first = static_cast<unsigned char>(hello.alpns.front().front());
  const auto last = static_cast<unsigned char>(hello.alpns.front().back());
  if (std::isalnum(first) != 0 && std::isalnum(last) != 0)
    return {static_cast<char>(first), static_cast<char>(last)};
  return fmt::format("{:x}{:x}", first >> 4, last & 0xfU);
}

std::string short_hash(const std::string& text) {
  return text.empty() ? std::string(ja4_hash_digits, '0')
                      : sha256_hex(text).substr(0, ja4_hash_digits);
}

} // namespace

std::string ja3_text(const client_hello& hello) {
  std::string text = fmt::format_int(hello.legacy_version).c_str();
  append_joined(text += ',', hello.ciphers);
  append_joined(text += ',', hello.extensions);
  append_joined(text += ',', hello.groups);
  append_joined(text += ',', hello.point_formats);
  return text;
}

std::string ja3s_text(const server_hello& hello) {
  std::string text = fmt::format("{},{},", hello.legacy_version, hello.cipher);
  append_joined(text, hello.extensions);
  return text;
}

std::string ja4_text(const client_hello& hello, char transport) {
  auto ciphers = without_grease(hello.ciphers);
  auto extensions = without_grease(hello.extensions);
  auto text = fmt::format("{}{}{}{:02}{:02}{}_", transport, ja4_version(hello.version),
                          hello.sni ? 'd' : 'i', std::min(ciphers.size(), ja4_count_limit),
                          std::min(extensions.size(), ja4_count_limit), ja4_alpn(hello));
  std::sort(ciphers.begin(), ciphers.end());
  std::sort(extensions.begin(), extensions.end());
  std::erase_if(extensions, [](std::uint16_t one) {
    return one == server_name_extension || one == alpn_extension;
  });
  text += short_hash(joined_hex(ciphers)) + '_';
  auto second = joined_hex(extensions);
  if (const auto algorithms = without_grease(hello.signature_algorithms); !algorithms.empty())
    second += '_' + joined_hex(algorithms);
  return text + short_hash(second);
}

} // namespace cresset::detect::proto::tls
