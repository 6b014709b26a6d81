// secret  = HKDF-Extract(salt of the version, the client's first destination id)
// side    = HKDF-Expand-Label(secret, "client in" or "server in", 32)
// key, iv, header key = HKDF-Expand-Label(side, "quic key" 16, "quic iv" 12, "quic hp" 16)
//
// A packet's header is hidden by a mask, made of sixteen bytes of its payload with the header key:
// it covers some bits of the first byte and the packet number. Behind it the payload is
// AES-128-GCM, with the header as what is only authenticated.
#include "detect/proto/quic/initial_keys.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace cresset::detect::proto::quic {
namespace {

constexpr std::size_t salt_size = 20;
constexpr std::size_t hash_size = 32;
constexpr std::size_t tag_size = 16;
constexpr std::size_t sample_size = 16;
constexpr std::size_t number_size_most = 4;

using salt = std::array<std::uint8_t, salt_size>;
using secret = std::array<std::uint8_t, hash_size>;

constexpr salt salt_v1{0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17,
                       0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a};
constexpr salt salt_v2{0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93,
                       0x81, 0xbe, 0x6e, 0x26, 0x9d, 0xcb, 0xf9, 0xbd, 0x2e, 0xd9};
constexpr salt salt_draft_29{0xaf, 0xbf, 0xec, 0x28, 0x99, 0x93, 0xd2, 0x4c, 0x9e, 0x97,
                             0x86, 0xf1, 0x9c, 0x61, 0x11, 0xe0, 0x43, 0x90, 0xa8, 0x99};
constexpr salt salt_draft_23{0xc3, 0xee, 0xf7, 0x12, 0xc7, 0x2e, 0xbb, 0x5a, 0x11, 0xa7,
                             0xd2, 0x43, 0x2b, 0xb4, 0x63, 0x65, 0xbe, 0xf9, 0xf5, 0x02};

/// The number of the draft that a version is or goes back to; 0 for none that we know.
unsigned draft_of(std::uint32_t version) noexcept {
  if (version >> 8U == 0xff0000)
    return version & 0xffU;
  if (version >= 0xfaceb002 && version <= 0xfaceb00e)
    return 27;
  return 0;
}

const salt* salt_of(std::uint32_t version) noexcept {
  if (version == version_1)
    return &salt_v1;
  if (version == version_2)
    return &salt_v2;
  const auto draft = draft_of(version);
  return draft >= 33 && draft <= 34   ? &salt_v1
         : draft >= 29 && draft <= 32 ? &salt_draft_29
         : draft >= 23 && draft <= 28 ? &salt_draft_23
                                      : nullptr;
}

bool hmac(std::span<const std::uint8_t> key, std::span<const std::uint8_t> bytes, secret& out) {
  unsigned size = out.size();
  return HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes.data(), bytes.size(),
              out.data(), &size) != nullptr;
}

/// RFC 8446 7.1, with an empty context; no output here is longer than one hash.
bool expand_label(const secret& from, std::string_view label, std::span<std::uint8_t> out) {
  std::vector<std::uint8_t> info{0, static_cast<std::uint8_t>(out.size()),
                                 static_cast<std::uint8_t>(6 + label.size())};
  const std::string name = std::string{"tls13 "}.append(label);
  info.insert(info.end(), name.begin(), name.end());
  info.push_back(0); // the context's length
  info.push_back(1); // the first block
  secret block{};
  if (!hmac(from, info, block))
    return false;
  std::copy_n(block.begin(), out.size(), out.begin());
  return true;
}

struct free_context {
  void operator()(EVP_CIPHER_CTX* context) const noexcept { EVP_CIPHER_CTX_free(context); }
};
using cipher_context = std::unique_ptr<EVP_CIPHER_CTX, free_context>;

const std::uint8_t* raw(byte_view bytes) noexcept {
  return reinterpret_cast<const std::uint8_t*>(bytes.data());
}

bool mask_of(std::span<const std::uint8_t, 16> key, byte_view sample,
             std::array<std::uint8_t, sample_size>& mask) {
  const cipher_context context{EVP_CIPHER_CTX_new()};
  int size = 0;
  return context &&
         EVP_EncryptInit_ex(context.get(), EVP_aes_128_ecb(), nullptr, key.data(), nullptr) == 1 &&
         EVP_CIPHER_CTX_set_padding(context.get(), 0) == 1 &&
         EVP_EncryptUpdate(context.get(), mask.data(), &size, raw(sample),
                           static_cast<int>(sample.size())) == 1;
}

} // namespace

bool can_open(std::uint32_t version) noexcept {
  return salt_of(version) != nullptr;
}

std::optional<initial_keys> initial_keys::derive(std::uint32_t version,
                                                 byte_view client_connection_id, bool of_client) {
  const auto* salted = salt_of(version);
  secret common{}, side{};
  initial_keys made;
  const std::string prefix = version == version_2 ? "quicv2 " : "quic ";
  const bool done =
      salted != nullptr &&
      hmac(*salted, {raw(client_connection_id), client_connection_id.size()}, common) &&
      expand_label(common, of_client ? "client in" : "server in", side) &&
      expand_label(side, prefix + "key", made.key_) &&
      expand_label(side, prefix + "iv", made.iv_) &&
      expand_label(side, prefix + "hp", made.header_key_);
  return done ? std::optional{made} : std::nullopt;
}

std::optional<std::vector<std::byte>> initial_keys::open(byte_view packet,
                                                         std::size_t number_at) const {
  if (packet.size() < number_at + number_size_most + sample_size)
    return std::nullopt;
  std::array<std::uint8_t, sample_size> mask{};
  if (!mask_of(header_key_, packet.subspan(number_at + number_size_most, sample_size), mask))
    return std::nullopt;
  std::vector<std::uint8_t> header(raw(packet), raw(packet) + number_at + number_size_most);
  header[0] ^= mask[0] & 0x0fU;
  const std::size_t number_size = (header[0] & 0x03U) + 1U;
  header.resize(number_at + number_size);
  auto nonce = iv_;
  for (std::size_t i = 0; i < number_size; ++i) {
    header[number_at + i] ^= mask[1 + i];
    nonce[nonce.size() - number_size + i] ^= header[number_at + i];
  }
  const auto body = packet.subspan(header.size());
  if (body.size() < tag_size)
    return std::nullopt;
  const auto text = body.first(body.size() - tag_size);
  std::array<std::uint8_t, tag_size> tag{};
  std::copy_n(raw(body.last(tag_size)), tag_size, tag.begin());
  std::vector<std::byte> frames(text.size());
  auto* out = reinterpret_cast<std::uint8_t*>(frames.data());
  const cipher_context context{EVP_CIPHER_CTX_new()};
  int size = 0;
  std::uint8_t nothing = 0;
  const bool opened =
      context &&
      EVP_DecryptInit_ex(context.get(), EVP_aes_128_gcm(), nullptr, key_.data(), nonce.data()) ==
          1 &&
      EVP_DecryptUpdate(context.get(), nullptr, &size, header.data(),
                        static_cast<int>(header.size())) == 1 &&
      (frames.empty() || EVP_DecryptUpdate(context.get(), out, &size, raw(text),
                                           static_cast<int>(text.size())) == 1) &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, tag_size, tag.data()) == 1 &&
      EVP_DecryptFinal_ex(context.get(), &nothing, &size) == 1;
  return opened ? std::optional{std::move(frames)} : std::nullopt;
}

} // namespace cresset::detect::proto::quic
