// SPNEGO is DER: an outer tag (0x60 with an object identifier first, or 0xa1), sequences and tagged
// fields, and somewhere in them an octet string that holds the mechanism's own token. All octet
// strings are looked at; a token is known by how it begins:
//
//   "NTLMSSP\0" | type 4 | …                       NTLM
//   0x60 | length | OID of Kerberos | 01 00 | 0x6e  a Kerberos AP-REQ (RFC 4121 4.1)
#include "detect/proto/smb/credentials.hpp"

#include "detect/proto/smb/text.hpp"

#include <algorithm>
#include <array>

namespace cresset::detect::proto::smb {
namespace {

using namespace std::literals;

constexpr auto ntlm_mark = "NTLMSSP\0"sv;
constexpr unsigned limit_depth = 12;
constexpr unsigned limit_elements = 256;
constexpr std::size_t limit_service_parts = 8;

struct element {
  std::uint8_t tag = 0;
  byte_view content;
};

/// Takes one element of definite length from the front of `bytes`. One that claims more than there
/// is ends where the bytes end.
std::optional<element> take_element(byte_view& bytes) noexcept {
  if (bytes.size() < 2)
    return std::nullopt;
  element one{.tag = std::to_integer<std::uint8_t>(bytes[0]), .content = {}};
  std::size_t length = std::to_integer<std::size_t>(bytes[1]);
  std::size_t at = 2;
  if ((length & 0x80U) != 0) {
    const std::size_t digits = length & 0x7fU;
    if (digits == 0 || digits > 4 || bytes.size() < at + digits)
      return std::nullopt;
    length = 0;
    for (std::size_t i = 0; i < digits; ++i)
      length = length << 8 | std::to_integer<std::size_t>(bytes[at + i]);
    at += digits;
  }
  one.content = bytes.subspan(at, std::min(length, bytes.size() - at));
  bytes = bytes.subspan(at + one.content.size());
  return one;
}

/// The content of the first element with that tag among those that stand side by side.
std::optional<byte_view> child(byte_view siblings, std::uint8_t tag) noexcept {
  for (unsigned i = 0; i < limit_elements; ++i) {
    const auto one = take_element(siblings);
    if (!one)
      return std::nullopt;
    if (one->tag == tag)
      return one->content;
  }
  return std::nullopt;
}
std::optional<byte_view> path(byte_view in, std::initializer_list<std::uint8_t> tags) noexcept {
  std::optional<byte_view> at = in;
  for (const auto tag : tags)
    if (at)
      at = child(*at, tag);
  return at;
}

std::optional<kerberos_identity> read_ap_req(byte_view token) {
  constexpr std::array oid{std::byte{0x06}, std::byte{0x09}, std::byte{0x2a}, std::byte{0x86},
                           std::byte{0x48}, std::byte{0x86}, std::byte{0xf7}, std::byte{0x12},
                           std::byte{0x01}, std::byte{0x02}, std::byte{0x02}};
  const auto outer = child(token, 0x60);
  if (outer)
    token = *outer;
  if (token.size() > oid.size() && std::equal(oid.begin(), oid.end(), token.begin()))
    token = token.subspan(oid.size());
  if (token.size() >= 2 && load_be16(token.first<2>()) == 0x0100)
    token = token.subspan(2);
  // AP-REQ { … [3] Ticket { …, [1] realm, [2] sname { …, [1] SEQUENCE OF string } } }
  const auto ticket = path(token, {0x6e, 0x30, 0xa3, 0x61, 0x30});
  if (!ticket)
    return std::nullopt;
  kerberos_identity found;
  if (const auto realm = path(*ticket, {0xa1, 0x1b}))
    found.realm = as_text(*realm);
  if (auto names = path(*ticket, {0xa2, 0x30, 0xa1, 0x30}))
    while (const auto part = take_element(*names)) {
      if (part->tag != 0x1b || found.service.size() >= limit_service_parts)
        break;
      found.service.emplace_back(as_text(part->content));
    }
  return found;
}

/// Length, allocated length, offset from the message's begin: [MS-NLMP] 2.2.1.3.
std::optional<std::string> ntlm_text(byte_view message, std::size_t at, bool unicode) {
  const std::size_t length = load_le16(message.subspan(at).first<2>());
  const std::size_t offset = load_le32(message.subspan(at + 4).first<4>());
  if (length == 0)
    return std::string{};
  if (offset > message.size() || length > message.size() - offset)
    return std::nullopt;
  const auto bytes = message.subspan(offset, length);
  return unicode ? from_utf16(bytes) : std::string{as_text(bytes)};
}

void read_ntlm(byte_view message, credentials& into) {
  constexpr std::size_t head = 12, authenticate_size = 64, version_size = 8;
  constexpr std::uint32_t authenticate = 3, has_version = 0x02000000, is_unicode = 1;
  if (message.size() < head) {
    into.is_damaged = true;
    return;
  }
  if (load_le32(message.subspan<8, 4>()) != authenticate)
    return;
  if (message.size() < authenticate_size) {
    into.is_damaged = true;
    return;
  }
  const auto flags = load_le32(message.subspan<60, 4>());
  const bool unicode = (flags & is_unicode) != 0;
  const auto domain = ntlm_text(message, 28, unicode);
  const auto user = ntlm_text(message, 36, unicode);
  const auto host = ntlm_text(message, 44, unicode);
  into.is_damaged = !domain || !user || !host;
  ntlm_identity found{domain.value_or(""), user.value_or(""), host.value_or(""), {}};
  if ((flags & has_version) != 0 && message.size() >= authenticate_size + version_size) {
    const auto number = [&](std::size_t at) { return std::to_integer<unsigned>(message[at]); };
    found.version = std::to_string(number(64)) + "." + std::to_string(number(65)) + " build " +
                    std::to_string(load_le16(message.subspan<66, 2>())) + " rev " +
                    std::to_string(number(71));
  }
  into.ntlm = std::move(found);
}

void look_at(byte_view bytes, unsigned depth, unsigned& left, credentials& into) {
  if (as_text(bytes).starts_with(ntlm_mark)) {
    read_ntlm(bytes, into);
    return;
  }
  constexpr std::uint8_t octet_string = 0x04, constructed = 0x20;
  while (left > 0) {
    --left;
    const auto one = take_element(bytes);
    if (!one)
      return;
    if (one->tag == octet_string) {
      if (as_text(one->content).starts_with(ntlm_mark))
        read_ntlm(one->content, into);
      else if (!into.kerberos)
        into.kerberos = read_ap_req(one->content);
    } else if ((one->tag & constructed) != 0 && depth > 0) {
      look_at(one->content, depth - 1, left, into);
    }
  }
}

} // namespace

credentials read_credentials(byte_view blob) {
  credentials found;
  unsigned left = limit_elements;
  look_at(blob, limit_depth, left, found);
  return found;
}

} // namespace cresset::detect::proto::smb
