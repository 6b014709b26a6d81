// sodium_init() is not needed for what this file calls: Ed25519 and SHA-256 pick their
// implementation at compile time, and randombytes opens the kernel's generator by itself. Without
// it only the choice of faster AES and BLAKE2 code would be missing.
#include "coord/signed/signer.hpp"

#include <sodium.h>

#include <cstring>

namespace cresset::coord::signed_ {
namespace {

const unsigned char* raw(const std::byte* bytes) noexcept {
  return reinterpret_cast<const unsigned char*>(bytes);
}
const unsigned char* raw(std::string_view text) noexcept {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string named(const public_key& key) {
  return std::string{to_string(key.kind)} + ':' + key.hex();
}

} // namespace

std::string_view to_string(algorithm name) noexcept {
  switch (name) {
  case algorithm::ed25519: return "ed25519";
  }
  return "unknown";
}

std::optional<algorithm> algorithm_from(std::string_view name) noexcept {
  if (name == "ed25519")
    return algorithm::ed25519;
  return std::nullopt;
}

std::optional<public_key> public_key::parse(std::string_view algorithm_name,
                                            std::string_view hex) noexcept {
  const auto known = algorithm_from(algorithm_name);
  public_key read;
  if (!known || !from_hex(hex, read.bytes))
    return std::nullopt;
  read.kind = *known;
  return read;
}

std::string public_key::id() const {
  return digest::of(named(*this)).hex().substr(0, 32);
}

std::string public_key::fingerprint() const {
  const std::string hex = digest::of(named(*this)).hex();
  std::string grouped;
  for (std::size_t i = 0; i < hex.size(); i += 4) {
    if (i != 0)
      grouped += ' ';
    grouped.append(hex, i, 4);
  }
  return grouped;
}

struct signing_key::secret {
  std::array<unsigned char, crypto_sign_SECRETKEYBYTES> bytes{};
  secret() = default;
  secret(const secret&) = delete;
  secret& operator=(const secret&) = delete;
  ~secret() { sodium_memzero(bytes.data(), bytes.size()); }
};

signing_key::signing_key(std::unique_ptr<secret> kept, public_key shown)
    : secret_{std::move(kept)}, public_{shown} {}
signing_key::signing_key(signing_key&&) noexcept = default;
signing_key& signing_key::operator=(signing_key&&) noexcept = default;
signing_key::~signing_key() = default;

signing_key signing_key::generate() {
  std::array<std::byte, crypto_sign_SEEDBYTES> seed;
  randombytes_buf(seed.data(), seed.size());
  auto made = from_seed(seed);
  sodium_memzero(seed.data(), seed.size());
  return made;
}

signing_key signing_key::from_seed(std::span<const std::byte, 32> seed) {
  auto kept = std::make_unique<secret>();
  public_key shown;
  crypto_sign_seed_keypair(reinterpret_cast<unsigned char*>(shown.bytes.data()), kept->bytes.data(),
                           raw(seed.data()));
  return signing_key{std::move(kept), shown};
}

signature signing_key::sign(std::string_view message) const {
  signature made;
  crypto_sign_detached(reinterpret_cast<unsigned char*>(made.data()), nullptr, raw(message),
                       message.size(), secret_->bytes.data());
  return made;
}

std::array<std::byte, 32> signing_key::seed() const {
  std::array<std::byte, 32> kept;
  std::memcpy(kept.data(), secret_->bytes.data(), kept.size());
  return kept;
}

bool verify(const public_key& key, std::string_view message, const signature& made) noexcept {
  return key.kind == algorithm::ed25519 &&
         crypto_sign_verify_detached(raw(made.data()), raw(message), message.size(),
                                     raw(key.bytes.data())) == 0;
}

} // namespace cresset::coord::signed_
