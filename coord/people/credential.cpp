#include "coord/people/credential.hpp"

#include <sodium.h>

#include <algorithm>

namespace cresset::coord::people {

namespace {

constexpr std::string_view token_start = "cst_";
constexpr std::size_t prefix_characters = 11;
constexpr std::string_view code_letters = "abcdefghijkmnpqrstuvwxyz23456789";
constexpr std::size_t code_half = 5;
constexpr std::size_t typed_limit = 32;

bool is_base64url(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_';
}

} // namespace

std::string random_token() {
  std::array<unsigned char, 32> bytes{};
  ::randombytes_buf(bytes.data(), bytes.size());
  std::array<char, sodium_base64_ENCODED_LEN(32, sodium_base64_VARIANT_URLSAFE_NO_PADDING)> text{};
  ::sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(),
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  return std::string{token_start} + text.data();
}

bool is_token(std::string_view text) noexcept {
  return text.size() == token_characters && text.starts_with(token_start) &&
         std::ranges::all_of(text, is_base64url);
}

secret_hash hash_of_token(std::string_view token) {
  secret_hash hash{};
  ::crypto_hash_sha256(reinterpret_cast<unsigned char*>(hash.data()),
                       reinterpret_cast<const unsigned char*>(token.data()), token.size());
  return hash;
}

std::string prefix_of_token(std::string_view token) {
  return std::string{token.substr(0, prefix_characters)};
}

std::string random_recovery_code() {
  std::string code;
  for (std::size_t i = 0; i < 2 * code_half; ++i) {
    if (i == code_half)
      code += '-';
    code += code_letters[::randombytes_uniform(code_letters.size())];
  }
  return code;
}

std::optional<std::string> recovery_code_from(std::string_view typed) {
  if (typed.size() > typed_limit)
    return std::nullopt;
  std::string code;
  for (char c : typed) {
    if (c == '-' || c == ' ')
      continue;
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c + 32);
    if (code_letters.find(c) == code_letters.npos)
      return std::nullopt;
    if (code.size() == code_half)
      code += '-';
    code += c;
  }
  if (code.size() != 2 * code_half + 1)
    return std::nullopt;
  return code;
}

std::optional<std::string> fingerprint_from(std::string_view text) {
  std::string hex;
  for (char c : text) {
    if (c == ':')
      continue;
    if (c >= 'A' && c <= 'F')
      c = static_cast<char>(c + 32);
    if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')) || hex.size() == 64)
      return std::nullopt;
    hex += c;
  }
  if (hex.size() != 64)
    return std::nullopt;
  return hex;
}

} // namespace cresset::coord::people
