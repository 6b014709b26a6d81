#include "coord/server/own_key.hpp"

#include <sodium.h>

#include <stdexcept>

namespace cresset::coord::server {
namespace {

key_file new_curve_key() {
  static_assert(crypto_box_PUBLICKEYBYTES == 32 && crypto_box_SECRETKEYBYTES == 32);
  key_file key;
  key.kind = key_kind::curve;
  key.name = "ingest";
  key.public_key.resize(crypto_box_PUBLICKEYBYTES);
  key.secret_key.resize(crypto_box_SECRETKEYBYTES);
  // CURVE's keys are those of NaCl's box (ZeroMQ RFC 26).
  ::crypto_box_keypair(reinterpret_cast<unsigned char*>(key.public_key.data()),
                       reinterpret_cast<unsigned char*>(key.secret_key.data()));
  return key;
}

} // namespace

key_file own_ingest_key(const std::filesystem::path& state) {
  const auto secret = state / "ingest.key";
  if (!std::filesystem::exists(secret)) {
    const auto made = new_curve_key();
    std::filesystem::remove(state / "ingest.pub"); // of a key that is gone
    for (const bool with_secret : {false, true})
      if (const auto saved =
              save_key_file(with_secret ? secret : state / "ingest.pub", made, with_secret);
          !saved)
        throw std::runtime_error{saved.error().text};
  }
  auto key = load_key_file(secret);
  if (!key)
    throw std::runtime_error{key.error().text};
  if (key->kind != key_kind::curve || !key->has_secret())
    throw std::runtime_error{secret.string() +
                             " holds no CURVE secret: move it away, and a new one is made"};
  return *std::move(key);
}

} // namespace cresset::coord::server
