#include "coord/people/secret_box.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <stdexcept>
#include <sys/stat.h>
#include <unistd.h>

namespace cresset::coord::people {

namespace {

constexpr std::size_t nonce_bytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tag_bytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;

const unsigned char* raw(const std::byte* bytes) noexcept {
  return reinterpret_cast<const unsigned char*>(bytes);
}
unsigned char* raw(std::byte* bytes) noexcept {
  return reinterpret_cast<unsigned char*>(bytes);
}

std::array<std::byte, 8> bound_to(std::int64_t owner) {
  std::array<std::byte, 8> bytes{};
  store_be32(std::span{bytes}.first<4>(), static_cast<std::uint32_t>(owner >> 32));
  store_be32(std::span{bytes}.last<4>(), static_cast<std::uint32_t>(owner));
  return bytes;
}

[[noreturn]] void fail(const std::filesystem::path& file, std::string_view what) {
  throw std::runtime_error{fmt::format("second factors: {} {}", file.string(), what)};
}

} // namespace

secret_box::~secret_box() {
  ::sodium_memzero(key_.data(), key_.size());
}

std::vector<std::byte> secret_box::seal(byte_view secret, std::int64_t owner) const {
  std::vector<std::byte> sealed(nonce_bytes + secret.size() + tag_bytes);
  ::randombytes_buf(sealed.data(), nonce_bytes);
  const auto bound = bound_to(owner);
  ::crypto_aead_xchacha20poly1305_ietf_encrypt(
      raw(sealed.data()) + nonce_bytes, nullptr, raw(secret.data()), secret.size(),
      raw(bound.data()), bound.size(), nullptr, raw(sealed.data()), raw(key_.data()));
  return sealed;
}

std::optional<std::vector<std::byte>> secret_box::open(byte_view sealed, std::int64_t owner) const {
  if (sealed.size() < nonce_bytes + tag_bytes)
    return std::nullopt;
  std::vector<std::byte> secret(sealed.size() - nonce_bytes - tag_bytes);
  const auto bound = bound_to(owner);
  if (::crypto_aead_xchacha20poly1305_ietf_decrypt(
          raw(secret.data()), nullptr, nullptr, raw(sealed.data()) + nonce_bytes,
          sealed.size() - nonce_bytes, raw(bound.data()), bound.size(), raw(sealed.data()),
          raw(key_.data())) != 0)
    return std::nullopt;
  return secret;
}

std::array<std::byte, 32> secret_box::digest(std::string_view text, std::int64_t owner) const {
  std::array<std::byte, 32> out{};
  const auto bound = bound_to(owner);
  crypto_generichash_state state{};
  ::crypto_generichash_init(&state, raw(key_.data()), key_.size(), out.size());
  ::crypto_generichash_update(&state, raw(bound.data()), bound.size());
  ::crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(text.data()),
                              text.size());
  ::crypto_generichash_final(&state, raw(out.data()), out.size());
  return out;
}

secret_box::key own_secret_key(const std::filesystem::path& file) {
  secret_box::key key{};
  int handle = ::open(file.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
  if (handle >= 0) {
    ::randombytes_buf(key.data(), key.size());
    const bool written =
        ::write(handle, key.data(), key.size()) == ssize_t{key.size()} && ::fsync(handle) == 0;
    ::close(handle);
    if (!written)
      fail(file, "cannot be written");
    return key;
  }
  if (errno != EEXIST)
    fail(file, fmt::format("cannot be made: {}", std::strerror(errno)));
  handle = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat about {};
  if (handle < 0 || ::fstat(handle, &about) != 0)
    fail(file, fmt::format("cannot be read: {}", std::strerror(errno)));
  std::array<std::byte, secret_box::key_bytes + 1> bytes{};
  const auto size = ::read(handle, bytes.data(), bytes.size());
  ::close(handle);
  if ((about.st_mode & 077U) != 0)
    fail(file, "may be read by others: chmod 600 it");
  if (size != ssize_t{secret_box::key_bytes})
    fail(file, "is no key of 32 bytes: restore it from its copy");
  std::copy_n(bytes.begin(), key.size(), key.begin());
  return key;
}

} // namespace cresset::coord::people
