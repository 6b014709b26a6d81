// Head (RFC 2408 3.1, RFC 7296 3.1), then payloads, each naming the type of the next:
//
//   initiator SPI 8 | responder SPI 8 | first payload | version | exchange | flags | id 4 | length
//   4 payload: next 1 | flags 1 | length 2 | contents
//
// On port 4500 four zero bytes stand before it (RFC 3948 2.2); what has none there is ESP.
#include "detect/proto/ike/message.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace cresset::detect::proto::ike {
namespace {

constexpr std::size_t head_size = 28;
constexpr std::uint8_t flag_encrypted_1 = 0x01;

// payload types, version 1 and 2
constexpr std::uint8_t association_1 = 1, key_exchange_1 = 4, nonce_1 = 10, vendor_1 = 13;
constexpr std::uint8_t association_2 = 33, key_exchange_2 = 34, nonce_2 = 40, notify_2 = 41,
                       vendor_2 = 43, encrypted_2 = 46, encrypted_fragment_2 = 53;
constexpr std::uint8_t proposal_1 = 2, transform_1 = 3;

std::string hex(byte_view bytes) {
  std::string text;
  text.reserve(2 * bytes.size());
  for (const auto byte : bytes)
    fmt::format_to(std::back_inserter(text), "{:02x}", std::to_integer<unsigned>(byte));
  return text;
}
std::vector<std::byte> copy_of(byte_view bytes) {
  return {bytes.begin(), bytes.end()};
}

} // namespace

bool message::read(byte_view bytes) {
  if (bytes.size() >= 4 && load_be32(bytes.first<4>()) == 0)
    bytes = bytes.subspan(4);
  byte_reader in{bytes};
  if (!read_head(in)) {
    raise("malformed_data");
    complete(false);
    return false;
  }
  const bool is_hidden = version_major_ == 1 && (flags_ & flag_encrypted_1) != 0;
  if (!is_hidden && !read_payloads(in.rest())) {
    raise("malformed_data");
    ++errors_;
  }
  complete(true);
  return true;
}

bool message::read_head(byte_reader& in) {
  const auto size = in.remaining();
  const auto initiator = in.take(8);
  const auto responder = in.take(8);
  const auto first = in.u8();
  const auto version = in.u8();
  const auto exchange = in.u8();
  const auto flags = in.u8();
  const auto id = in.be32();
  const auto length = in.be32();
  if (!initiator || !responder || !first || !version || !exchange || !flags || !id || !length)
    return false;
  version_major_ = *version >> 4U;
  version_minor_ = *version & 0xfU;
  if (version_major_ != 1 && version_major_ != 2)
    return false;
  init_spi_ = hex(*initiator);
  resp_spi_ = hex(*responder);
  first_payload_ = *first;
  exchange_type_ = *exchange;
  flags_ = *flags;
  message_id_ = *id;
  if (*length < head_size || *length > size) {
    raise("malformed_data");
    ++errors_;
  } else if (*length < size) {
    raise("payload_extra_data");
  }
  return true;
}

bool message::read_payloads(byte_view bytes) {
  byte_reader in{bytes};
  auto type = first_payload_;
  while (type != 0) {
    const auto next = in.u8();
    const auto flags = in.u8();
    const auto length = in.be16();
    if (!next || !flags || !length || *length < 4 || payloads_.size() >= limit_payloads)
      return false;
    const auto content = in.take(*length - 4U);
    if (!content)
      return false;
    payloads_.push_back(type);
    take_payload(type, *content);
    if (version_major_ == 2 && (type == encrypted_2 || type == encrypted_fragment_2))
      return true; // `next` is the type of what is inside
    type = *next;
  }
  if (version_major_ == 2)
    payloads_.push_back(0);
  return true;
}

void message::take_payload(std::uint8_t type, byte_view content) {
  const bool first = version_major_ == 1;
  if (type == (first ? association_1 : association_2))
    take_association(content);
  else if (type == (first ? key_exchange_1 : key_exchange_2))
    take_key_exchange(content);
  else if (type == (first ? vendor_1 : vendor_2))
    take_vendor(content);
  else if (type == (first ? nonce_1 : nonce_2))
    nonce_ = so_far_.sides[index(way())].nonce = copy_of(content);
  else if (!first && type == notify_2)
    take_notify(content);
}

void message::take_association(byte_view content) {
  association_ = version_major_ == 1 ? proposals::read_1(content) : proposals::read_2(content);
  if (version_major_ == 1) {
    if (association_.count > 0)
      payloads_.push_back(proposal_1);
    if (association_.transforms > 0)
      payloads_.push_back(transform_1);
    so_far_.domain = association_.domain;
  }
  so_far_.sides[index(way())].proposals = association_.offers;
  judge(association_);
}

void message::judge(const proposals& offered) {
  if (offered.is_invalid)
    raise("invalid_proposal");
  if (offered.is_unknown)
    raise("unknown_proposal");
  const bool several = offered.count > 1 || (version_major_ == 1 && offered.transforms > 1);
  if (way() == direction::to_client && several)
    raise("multiple_server_proposal");
  if (version_major_ == 1)
    return;
  static constexpr std::pair<attribute_kind, std::string_view> weak[]{
      {attribute_kind::alg_enc, "weak_crypto_enc"},
      {attribute_kind::alg_prf, "weak_crypto_prf"},
      {attribute_kind::alg_auth, "weak_crypto_auth"},
      {attribute_kind::alg_dh, "weak_crypto_dh"}};
  for (const auto& offer : offered.offers)
    for (const auto& one : offer)
      for (const auto& [kind, event] : weak)
        if (one.kind == kind && is_weak(kind, one.value))
          raise(event);
  if (offered.lacks_encryption)
    raise("no_encryption");
  if (offered.lacks_key_exchange)
    raise("weak_crypto_nodh");
  if (offered.lacks_integrity)
    raise("weak_crypto_noauth");
}

/// In version 2 the group and two reserved bytes stand before it (RFC 7296 3.4).
void message::take_key_exchange(byte_view content) {
  if (version_major_ == 2) {
    if (content.size() < 4) {
      raise("malformed_data");
      ++errors_;
      return;
    }
    content = content.subspan(4);
  }
  key_exchange_ = so_far_.sides[index(way())].key_exchange = copy_of(content);
}

void message::take_vendor(byte_view content) {
  vendors_.push_back(hex(content));
  auto& all = so_far_.vendors;
  if (all.size() < conversation::limit_vendors &&
      std::find(all.begin(), all.end(), vendors_.back()) == all.end())
    all.push_back(vendors_.back());
}

/// Protocol, size of SPI, type (RFC 7296 3.10).
void message::take_notify(byte_view content) {
  if (content.size() < 4) {
    raise("malformed_data");
    ++errors_;
    return;
  }
  notifies_.push_back(load_be16(content.subspan(2).first<2>()));
}

std::span<const attribute> message::chosen() const noexcept {
  if (way() != direction::to_client || association_.offers.empty())
    return {};
  return association_.offers.front();
}

std::size_t message::instances(buffer_id id) const noexcept {
  switch (static_cast<part>(id / 2)) {
  case part::init_spi: return init_spi_.empty() ? 0 : 1;
  case part::resp_spi: return resp_spi_.empty() ? 0 : 1;
  case part::vendor: return vendors_.size();
  case part::key_exchange_payload: return key_exchange_.empty() ? 0 : 1;
  case part::nonce_payload: return nonce_.empty() ? 0 : 1;
  }
  return 0;
}

std::optional<byte_view> message::buffer(buffer_id id, std::size_t instance) const noexcept {
  if (instance >= instances(id))
    return std::nullopt;
  switch (static_cast<part>(id / 2)) {
  case part::init_spi: return as_bytes(init_spi_);
  case part::resp_spi: return as_bytes(resp_spi_);
  case part::vendor: return as_bytes(vendors_[instance]);
  case part::key_exchange_payload: return byte_view{key_exchange_};
  case part::nonce_payload: return byte_view{nonce_};
  }
  return std::nullopt;
}

std::size_t message::field_instances(field_id id) const noexcept {
  return field(id, 0) ? 1 : 0;
}

std::optional<std::uint64_t> message::field(field_id id, std::size_t) const noexcept {
  if (id >= 2 * number_count) {
    const auto kind = static_cast<attribute_kind>(id - 2 * number_count);
    for (const auto& one : chosen())
      if (one.kind == kind)
        return one.value;
    return std::nullopt;
  }
  const auto length = [](const auto& bytes) -> std::optional<std::uint64_t> {
    if (bytes.empty())
      return std::nullopt;
    return bytes.size();
  };
  switch (static_cast<numeric>(id / 2)) {
  case numeric::exchtype:
    if (version_major_ == 0)
      return std::nullopt;
    return exchange_type_;
  case numeric::key_exchange_length: return length(key_exchange_);
  case numeric::nonce_length: return length(nonce_);
  }
  return std::nullopt;
}

} // namespace cresset::detect::proto::ike
