#include "coord/notify/answer_token.hpp"

#include <sodium.h>

#include <algorithm>

namespace cresset::coord::notify {
namespace {

constexpr std::size_t claim_bytes = 16;
constexpr std::size_t proof_bytes = 16;
constexpr std::size_t token_bytes = claim_bytes + proof_bytes;
constexpr std::size_t token_characters = 43;
constexpr std::string_view context = "cresset answer v1";

using raw_token = std::array<unsigned char, token_bytes>;

void put(raw_token& to, std::size_t at, std::uint64_t value) noexcept {
  for (std::size_t i = 0; i < 8; ++i)
    to[at + i] = static_cast<unsigned char>(value >> (8 * (7 - i)));
}

std::uint64_t take(const raw_token& from, std::size_t at) noexcept {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 8; ++i)
    value = value << 8 | from[at + i];
  return value;
}

/// Over the context as well: the key serves nothing else, and a token of another kind is no answer.
void prove(const raw_token& token, const answer_key& key, unsigned char* proof) noexcept {
  std::array<unsigned char, crypto_auth_hmacsha512256_BYTES> whole{};
  crypto_auth_hmacsha512256_state state;
  ::crypto_auth_hmacsha512256_init(&state, reinterpret_cast<const unsigned char*>(key.data()),
                                   key.size());
  ::crypto_auth_hmacsha512256_update(&state, reinterpret_cast<const unsigned char*>(context.data()),
                                     context.size());
  ::crypto_auth_hmacsha512256_update(&state, token.data(), claim_bytes);
  ::crypto_auth_hmacsha512256_final(&state, whole.data());
  std::copy_n(whole.begin(), proof_bytes, proof);
}

} // namespace

answer_key random_answer_key() {
  answer_key key{};
  ::randombytes_buf(key.data(), key.size());
  return key;
}

std::string answer_token(const answer_claim& claim, const answer_key& key) {
  raw_token token{};
  put(token, 0, static_cast<std::uint64_t>(claim.notification));
  put(token, 8,
      static_cast<std::uint64_t>(
          std::chrono::floor<std::chrono::seconds>(claim.expires).time_since_epoch().count()));
  prove(token, key, token.data() + claim_bytes);
  std::array<char, token_characters + 1> text{};
  ::sodium_bin2base64(text.data(), text.size(), token.data(), token.size(),
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  return {text.data(), token_characters};
}

std::optional<answer_claim> read_answer_token(std::string_view text, const answer_key& key,
                                              timestamp now, token_errc& why) noexcept {
  why = token_errc::forged;
  raw_token token{};
  std::size_t length = 0;
  if (text.size() != token_characters ||
      ::sodium_base642bin(token.data(), token.size(), text.data(), text.size(), nullptr, &length,
                          nullptr, sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
      length != token.size())
    return std::nullopt;
  std::array<unsigned char, proof_bytes> proof{};
  prove(token, key, proof.data());
  if (::sodium_memcmp(proof.data(), token.data() + claim_bytes, proof.size()) != 0)
    return std::nullopt;
  const answer_claim claim{
      static_cast<std::int64_t>(take(token, 0)),
      timestamp{std::chrono::seconds{static_cast<std::int64_t>(take(token, 8))}}};
  if (now >= claim.expires) {
    why = token_errc::expired;
    return std::nullopt;
  }
  why = token_errc{};
  return claim;
}

} // namespace cresset::coord::notify
