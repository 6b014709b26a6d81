// TOTP (RFC 6238) is HOTP (RFC 4226) with the time, in steps of 30 s, as the counter:
//
//   mac    = HMAC-SHA-1(secret, counter as 8 bytes, big-endian)            20 bytes
//   offset = low four bits of mac[19]
//   code   = (mac[offset..offset+3] as 31 bits, big-endian) mod 10^digits
//
// SHA-1 because authenticators know no other; nothing here rests on its collisions.
#include "coord/people/totp.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>

#include <algorithm>
#include <stdexcept>

namespace cresset::coord::people {

namespace {

constexpr std::string_view base32_letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// RFC 3986 section 2.3: what stands for itself.
bool is_unreserved(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

std::string escaped(std::string_view text) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (is_unreserved(c)) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += hex[byte >> 4U];
    out += hex[byte & 15U];
  }
  return out;
}

bool same_code(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() && ::sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

} // namespace

totp_secret random_totp_secret() {
  totp_secret secret{};
  ::randombytes_buf(secret.data(), secret.size());
  return secret;
}

std::optional<totp_secret>
totp_secret_from(const std::optional<std::vector<std::byte>>& bytes) noexcept {
  totp_secret secret{};
  if (!bytes || bytes->size() != secret.size())
    return std::nullopt;
  std::ranges::copy(*bytes, secret.begin());
  return secret;
}

std::string hotp(byte_view secret, std::int64_t counter, unsigned digits) {
  std::array<unsigned char, 8> moving{};
  for (std::size_t i = 0; i < moving.size(); ++i)
    moving[i] = static_cast<unsigned char>(static_cast<std::uint64_t>(counter) >> (56 - 8 * i));
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  unsigned size = 0;
  if (::HMAC(::EVP_sha1(), secret.data(), static_cast<int>(secret.size()), moving.data(),
             moving.size(), mac.data(), &size) == nullptr ||
      size != 20)
    throw std::runtime_error{"people: OpenSSL has no HMAC-SHA-1"};
  const std::size_t offset = mac[19] & 15U;
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i)
    value = value << 8U | mac[offset + i];
  value &= 0x7FFFFFFFU;
  std::string code(digits, '0');
  for (auto place = code.rbegin(); place != code.rend(); ++place, value /= 10)
    *place = static_cast<char>('0' + value % 10);
  return code;
}

std::int64_t totp_step(timestamp at) noexcept {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
  return std::max<std::int64_t>(0, seconds) / totp_step_seconds;
}

std::optional<std::int64_t> find_totp_step(const totp_secret& secret, std::string_view code,
                                           timestamp at, std::int64_t used) {
  const auto current = totp_step(at);
  std::optional<std::int64_t> found;
  // All of them, whatever fits, so that the time does not tell which.
  for (auto step = std::max<std::int64_t>(0, current - totp_steps_off);
       step <= current + totp_steps_off; ++step)
    if (same_code(hotp(secret, step, totp_digits), code) && step > used && !found)
      found = step;
  return found;
}

std::string to_base32(byte_view bytes) {
  std::string text;
  std::uint32_t kept = 0;
  unsigned bits = 0;
  for (const auto byte : bytes) {
    kept = kept << 8U | std::to_integer<std::uint32_t>(byte);
    for (bits += 8; bits >= 5; bits -= 5)
      text += base32_letters[kept >> (bits - 5) & 31U];
    kept &= 0xFFU;
  }
  if (bits > 0)
    text += base32_letters[kept << (5 - bits) & 31U];
  return text;
}

std::optional<std::string> from_base32(std::string_view text) {
  std::string bytes;
  std::uint32_t kept = 0;
  unsigned bits = 0;
  for (char c : text) {
    if (c == ' ' || c == '=')
      continue;
    if (c >= 'a' && c <= 'z')
      c = static_cast<char>(c - 32);
    const auto value = base32_letters.find(c);
    if (value == base32_letters.npos)
      return std::nullopt;
    kept = (kept << 5U | static_cast<std::uint32_t>(value)) & 0xFFFU;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes += static_cast<char>(kept >> bits & 0xFFU);
    }
  }
  return bytes;
}

std::string totp_uri(std::string_view issuer, std::string_view login, const totp_secret& secret) {
  return "otpauth://totp/" + escaped(issuer) + ":" + escaped(login) +
         "?secret=" + to_base32(secret) + "&issuer=" + escaped(issuer) +
         "&algorithm=SHA1&digits=6&period=30";
}

} // namespace cresset::coord::people
