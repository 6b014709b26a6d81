#include "detect/proto/digest.hpp"

#include <openssl/evp.h>

#include <array>

namespace cresset::detect::proto {
namespace {

std::string digest_hex(std::string_view bytes, const EVP_MD* kind, std::string_view between) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned size = 0;
  std::string text;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, kind, nullptr) != 1)
    return text;
  constexpr std::string_view digits = "0123456789abcdef";
  for (unsigned i = 0; i < size; ++i) {
    if (i > 0)
      text += between;
    text += digits[digest[i] >> 4];
    text += digits[digest[i] & 0xfU];
  }
  return text;
}

} // namespace

std::string md5_hex(std::string_view bytes) {
  return digest_hex(bytes, EVP_md5(), "");
}
std::string sha256_hex(std::string_view bytes) {
  return digest_hex(bytes, EVP_sha256(), "");
}
std::string sha1_hex(std::string_view bytes) {
  return digest_hex(bytes, EVP_sha1(), "");
}
std::string sha1_colons(std::string_view bytes) {
  return digest_hex(bytes, EVP_sha1(), ":");
}

} // namespace cresset::detect::proto
