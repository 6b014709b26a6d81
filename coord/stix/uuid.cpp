#include "coord/stix/uuid.hpp"

#include "coord/signed/digest.hpp"

#include <openssl/evp.h>
#include <sodium.h>

#include <algorithm>
#include <string>

namespace cresset::coord::stix {
namespace {

constexpr std::array<std::size_t, 4> dash_before{4, 6, 8, 10};

void stamp(uuid& made, unsigned version) noexcept {
  made.bytes[6] = (made.bytes[6] & std::byte{0x0f}) | static_cast<std::byte>(version << 4);
  made.bytes[8] = (made.bytes[8] & std::byte{0x3f}) | std::byte{0x80};
}

} // namespace

uuid uuid::random() {
  uuid made;
  randombytes_buf(made.bytes.data(), made.bytes.size());
  stamp(made, 4);
  return made;
}

uuid uuid::from_name(const uuid& name_space, std::string_view name) {
  std::string text{as_text(name_space.bytes)};
  text += name;
  std::array<std::byte, 20> sum{};
  unsigned size = sum.size();
  EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(sum.data()), &size,
             EVP_sha1(), nullptr);
  uuid made;
  std::copy_n(sum.begin(), made.bytes.size(), made.bytes.begin());
  stamp(made, 5);
  return made;
}

std::optional<uuid> uuid::parse(std::string_view text) noexcept {
  uuid read;
  if (text.size() != 36)
    return std::nullopt;
  std::size_t at = 0;
  for (std::size_t i = 0; i < read.bytes.size(); ++i) {
    if (std::find(dash_before.begin(), dash_before.end(), i) != dash_before.end() &&
        text[at++] != '-')
      return std::nullopt;
    if (!signed_::from_hex(text.substr(at, 2), std::span{read.bytes}.subspan(i, 1)))
      return std::nullopt;
    at += 2;
  }
  return read;
}

std::string uuid::to_string() const {
  std::string text = signed_::to_hex(bytes);
  for (const std::size_t at : {20U, 16U, 12U, 8U})
    text.insert(at, 1, '-');
  return text;
}

} // namespace cresset::coord::stix
