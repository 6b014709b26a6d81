// Why these parameters: RFC 9106 section 4 asks for 3 passes over 64 MiB where 2 GiB are too much,
// with four lanes; libsodium has one lane, which is as much work a password in 2 passes on the
// machines we know (0.1 s). The memory is what keeps graphics cards away, and with
// `login_limits::concurrent_checks` also what this server can be made to use.
#include "coord/http/password.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <set>
#include <stdexcept>

namespace cresset::coord::http {

namespace {

constexpr unsigned long long argon2_passes = 2;
constexpr std::size_t argon2_memory_bytes = std::size_t{64} * 1024 * 1024;
constexpr std::size_t least_different_characters = 5;
/// A login of one or two letters is in every other text.
constexpr std::size_t telling_login_bytes = 3;

} // namespace

std::optional<std::string> hash_password(std::string_view password) {
  if (::sodium_init() < 0)
    throw std::runtime_error{"http: libsodium does not start (no source of random numbers?)"};
  if (password.size() < password_least_bytes || password.size() > password_limit_bytes)
    return std::nullopt;
  std::array<char, crypto_pwhash_STRBYTES> out{};
  if (::crypto_pwhash_str_alg(out.data(), password.data(), password.size(), argon2_passes,
                              argon2_memory_bytes, crypto_pwhash_ALG_ARGON2ID13) != 0)
    return std::nullopt; // out of memory
  return std::string{out.data()};
}

bool fits_password(std::string_view password, const std::string& hash) {
  return password.size() <= password_limit_bytes &&
         ::crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

std::optional<std::string> why_weak(std::string_view password, std::string_view login) {
  const auto same_letter = [](char a, char b) { return (a | 0x20) == (b | 0x20); };
  if (login.size() >= telling_login_bytes &&
      std::search(password.begin(), password.end(), login.begin(), login.end(), same_letter) !=
          password.end())
    return "must not hold the login";
  if (std::set<char>{password.begin(), password.end()}.size() < least_different_characters)
    return "needs at least five different characters";
  return std::nullopt;
}

} // namespace cresset::coord::http
