// Both hellos are fixed fields, then vectors with their length in front, then a list of extensions:
//
//   version 2 | random 32 | session id <1> | ciphers <2> (server: one) | compression <1> (one) |
//   extensions <2> extension: type 2 | body <2>
#include "detect/proto/tls/hello.hpp"

#include "capture/base/byte_reader.hpp"

#include <algorithm>

namespace cresset::detect::proto::tls {
namespace {

enum extension : std::uint16_t {
  server_name = 0,
  supported_groups = 10,
  ec_point_formats = 11,
  signature_algorithms = 13,
  alpn = 16,
  session_ticket = 35,
  supported_versions = 43,
};
constexpr std::size_t random_size = 32;
constexpr std::size_t session_id_limit = 32;
constexpr std::size_t alpn_limit = 32;

std::optional<byte_view> vector8(byte_reader& in) noexcept {
  const auto size = in.u8();
  return size ? in.take(*size) : std::nullopt;
}
std::optional<byte_view> vector16(byte_reader& in) noexcept {
  const auto size = in.be16();
  return size ? in.take(*size) : std::nullopt;
}
std::string string_of(byte_view bytes) {
  return std::string{as_text(bytes)};
}

std::vector<std::uint16_t> numbers(byte_view bytes) {
  std::vector<std::uint16_t> all;
  all.reserve(bytes.size() / 2);
  byte_reader in{bytes};
  while (const auto one = in.be16())
    all.push_back(*one);
  return all;
}

void read_alpns(byte_view body, std::vector<std::string>& alpns) {
  byte_reader outer{body};
  const auto list = vector16(outer);
  byte_reader in{list.value_or(byte_view{})};
  while (const auto one = vector8(in))
    if (alpns.size() < alpn_limit)
      alpns.push_back(string_of(*one));
}

/// server_name (RFC 6066 3): a list of which the one entry of type 0 matters.
void read_sni(byte_view body, client_hello& hello, event_list& events) {
  if (hello.sni) {
    events.raise("multiple_sni_extensions");
    return;
  }
  byte_reader in{body};
  if (in.empty())
    return;
  const auto list_size = in.be16();
  const auto type = in.u8();
  if (!list_size || !type)
    return events.raise("invalid_sni_length");
  if (*type != 0)
    return events.raise("invalid_sni_type");
  const auto name = vector16(in);
  if (!name || name->empty())
    return events.raise("invalid_sni_length");
  hello.sni = string_of(*name);
}

void read_client_extension(std::uint16_t type, byte_view body, client_hello& hello,
                           event_list& events) {
  byte_reader in{body};
  switch (type) {
  case server_name: return read_sni(body, hello, events);
  case supported_groups: hello.groups = numbers(vector16(in).value_or(byte_view{})); return;
  case signature_algorithms:
    hello.signature_algorithms = numbers(vector16(in).value_or(byte_view{}));
    return;
  case supported_versions: hello.versions = numbers(vector8(in).value_or(byte_view{})); return;
  case ec_point_formats:
    for (const auto one : vector8(in).value_or(byte_view{}))
      hello.point_formats.push_back(std::to_integer<std::uint8_t>(one));
    return;
  case alpn: return read_alpns(body, hello.alpns);
  case session_ticket: hello.has_session_ticket = !body.empty(); return;
  default: return;
  }
}

/// Calls `see(type, body)` for each extension. False if the list is damaged.
template <typename See>
bool for_each_extension(byte_reader& in, See see) {
  if (in.empty())
    return true;
  const auto list = vector16(in);
  if (!list)
    return false;
  byte_reader each{*list};
  while (!each.empty()) {
    const auto type = each.be16();
    const auto body = vector16(each);
    if (!body)
      return false;
    see(*type, *body);
  }
  return true;
}

} // namespace

std::optional<client_hello> read_client_hello(byte_view body, event_list& events) {
  byte_reader in{body};
  const auto version = in.be16();
  const auto random = in.take(random_size);
  const auto session_id = vector8(in);
  const auto ciphers = vector16(in);
  const auto compressions = vector8(in);
  if (!version || !random || !session_id || session_id->size() > session_id_limit || !ciphers ||
      !compressions)
    return std::nullopt;
  client_hello hello;
  hello.legacy_version = hello.version = *version;
  hello.random = string_of(*random);
  hello.session_id = string_of(*session_id);
  hello.ciphers = numbers(*ciphers);
  const bool whole = for_each_extension(in, [&](std::uint16_t type, byte_view extension_body) {
    hello.extensions.push_back(type);
    read_client_extension(type, extension_body, hello, events);
  });
  if (!whole)
    events.raise("handshake_invalid_length");
  std::uint16_t highest = 0;
  for (const auto one : hello.versions)
    if (!is_grease(one))
      highest = std::max(highest, one);
  if (highest != 0)
    hello.version = highest;
  return hello;
}

std::optional<server_hello> read_server_hello(byte_view body, event_list& events) {
  byte_reader in{body};
  const auto version = in.be16();
  const auto random = in.take(random_size);
  if (!version || !random)
    return std::nullopt;
  server_hello hello;
  hello.legacy_version = hello.version = *version;
  hello.random = string_of(*random);
  // The drafts of TLS 1.3 before the 22nd left out session id and compression; those before the
  // 16th call themselves 1.3 outright, which the final version never does here.
  constexpr std::uint16_t before_draft_16 = 0x7f01;
  if (*version == 0x0304)
    hello.version = before_draft_16;
  const bool is_old_draft = hello.version >> 8 == 0x7f;
  if (!is_old_draft) {
    const auto session_id = vector8(in);
    if (!session_id || session_id->size() > session_id_limit)
      return std::nullopt;
    hello.session_id = string_of(*session_id);
  }
  const auto cipher = in.be16();
  if (!cipher || (!is_old_draft && !in.u8()))
    return std::nullopt;
  hello.cipher = *cipher;
  const bool whole = for_each_extension(in, [&](std::uint16_t type, byte_view extension_body) {
    hello.extensions.push_back(type);
    byte_reader value{extension_body};
    if (type == supported_versions)
      hello.version = value.be16().value_or(hello.version);
    else if (type == alpn)
      read_alpns(extension_body, hello.alpns);
  });
  if (!whole)
    events.raise("handshake_invalid_length");
  return hello;
}

std::optional<client_hello> read_sslv2_hello(byte_view message) {
  byte_reader in{message};
  const auto type = in.u8();
  const auto version = in.be16();
  const auto ciphers_size = in.be16();
  const auto session_size = in.be16();
  const auto challenge_size = in.be16();
  if (!challenge_size || *type != 1)
    return std::nullopt;
  const auto ciphers = in.take(*ciphers_size);
  const auto session = in.take(*session_size);
  const auto challenge = in.take(*challenge_size);
  if (!ciphers || !session || !challenge || session->size() > session_id_limit)
    return std::nullopt;
  client_hello hello;
  hello.legacy_version = hello.version = *version;
  hello.session_id = string_of(*session);
  hello.random = string_of(challenge->first(std::min(challenge->size(), random_size)));
  byte_reader each{*ciphers};
  while (const auto one = each.be24())
    if (*one <= 0xffff)
      hello.ciphers.push_back(static_cast<std::uint16_t>(*one));
  return hello;
}

} // namespace cresset::detect::proto::tls
