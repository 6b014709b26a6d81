// Version 1 (RFC 2408 3.4 to 3.6):
//
//   SA         DOI 4 | situation 4 | Proposal …
//   Proposal   next 1 | 0 | length 2 | number | protocol | SPI size | transforms | SPI | Transform
//   … Transform  next 1 | 0 | length 2 | number | id | 0 2 | attributes
//
// Version 2 (RFC 7296 3.3) has no DOI; its transform is type 1 | 0 | id 2 behind the head.
#include "detect/proto/ike/proposal.hpp"

#include "capture/base/byte_reader.hpp"

#include <algorithm>

namespace cresset::detect::proto::ike {
namespace {

constexpr std::size_t head_size = 4;
constexpr std::uint8_t ah = 2, highest_protocol = 3; // ISAKMP or IKE 1, AH 2, ESP 3

/// One substructure: `next`, a zero, a length that holds the head; its contents behind it.
struct structure {
  std::uint8_t next = 0;
  byte_view content;
};
std::optional<structure> take_structure(byte_reader& in) noexcept {
  const auto next = in.u8();
  const auto reserved = in.u8();
  const auto length = in.be16();
  if (!next || !reserved || !length || *length < head_size)
    return std::nullopt;
  const auto content = in.take(*length - head_size);
  if (!content)
    return std::nullopt;
  return structure{*next, *content};
}

struct proposal_head {
  std::uint8_t protocol = 0, transforms = 0;
  byte_view rest;
};
std::optional<proposal_head> read_head(byte_view content) noexcept {
  byte_reader in{content};
  const auto number = in.u8();
  const auto protocol = in.u8();
  const auto spi_size = in.u8();
  const auto transforms = in.u8();
  if (!number || !protocol || !spi_size || !transforms || !in.skip(*spi_size))
    return std::nullopt;
  return proposal_head{*protocol, *transforms, in.rest()};
}

std::optional<attribute_kind> kind_1(unsigned type) noexcept {
  switch (type) {
  case 1: return attribute_kind::alg_enc;
  case 2: return attribute_kind::alg_hash;
  case 3: return attribute_kind::alg_auth;
  case 4: return attribute_kind::alg_dh;
  case 5: return attribute_kind::sa_group_type;
  case 11: return attribute_kind::sa_life_type;
  case 12: return attribute_kind::sa_life_duration;
  case 13: return attribute_kind::alg_prf;
  case 14: return attribute_kind::sa_key_length;
  case 15: return attribute_kind::sa_field_size;
  default: return std::nullopt;
  }
}
std::optional<attribute_kind> kind_2(unsigned type) noexcept {
  switch (type) {
  case 1: return attribute_kind::alg_enc;
  case 2: return attribute_kind::alg_prf;
  case 3: return attribute_kind::alg_auth;
  case 4: return attribute_kind::alg_dh;
  case 5: return attribute_kind::alg_esn;
  default: return std::nullopt;
  }
}

} // namespace

proposals proposals::read_1(byte_view payload) {
  proposals made;
  byte_reader in{payload};
  made.domain = in.be32();
  if (!made.domain || !in.skip(4)) {
    made.is_invalid = true;
    return made;
  }
  while (!in.empty()) {
    const auto one = take_structure(in);
    const auto head = one ? read_head(one->content) : std::nullopt;
    if (!head) {
      made.is_invalid = true;
      return made;
    }
    ++made.count;
    made.is_unknown = made.is_unknown || head->protocol == 0 || head->protocol > 4; // IPCOMP 4
    made.read_transforms_1(head->rest, head->transforms);
    if (one->next == 0)
      break;
  }
  return made;
}

void proposals::read_transforms_1(byte_view bytes, std::size_t wanted) {
  byte_reader in{bytes};
  for (std::size_t i = 0; i < wanted; ++i) {
    const auto one = take_structure(in);
    if (!one || one->content.size() < 4 || ++transforms > limit_transforms) {
      is_invalid = true;
      return;
    }
    offers.emplace_back();
    read_attributes_1(one->content.subspan(4));
  }
}

/// Attributes (RFC 2408 3.3): with the highest bit of the type a value of two bytes, else a length
/// and a value.
void proposals::read_attributes_1(byte_view bytes) {
  byte_reader in{bytes};
  while (!in.empty()) {
    const auto type = in.be16();
    const auto small = in.be16();
    if (!type || !small) {
      is_invalid = true;
      return;
    }
    std::uint64_t value = *small;
    if ((*type & 0x8000U) == 0) {
      const auto content = in.take(*small);
      if (!content) {
        is_invalid = true;
        return;
      }
      if (content->size() > 8)
        continue; // a prime or a curve
      value = 0;
      for (const auto byte : *content)
        value = value << 8 | std::to_integer<std::uint64_t>(byte);
    }
    if (const auto kind = kind_1(*type & 0x7fffU))
      offers.back().push_back({*kind, value});
  }
}

proposals proposals::read_2(byte_view payload) {
  proposals made;
  byte_reader in{payload};
  while (!in.empty()) {
    const auto one = take_structure(in);
    const auto head = one ? read_head(one->content) : std::nullopt;
    if (!head) {
      made.is_invalid = true;
      return made;
    }
    ++made.count;
    made.is_unknown = made.is_unknown || head->protocol == 0 || head->protocol > highest_protocol;
    made.read_transforms_2(head->rest, head->transforms, head->protocol);
    if (one->next == 0)
      break;
  }
  return made;
}

void proposals::read_transforms_2(byte_view bytes, std::size_t wanted, std::uint8_t protocol) {
  byte_reader in{bytes};
  auto& offer = offers.emplace_back();
  for (std::size_t i = 0; i < wanted; ++i) {
    const auto one = take_structure(in);
    if (!one || one->content.size() < 4 || ++transforms > limit_transforms) {
      is_invalid = true;
      return;
    }
    const auto type = std::to_integer<unsigned>(one->content[0]);
    const auto id = load_be16(one->content.subspan(2).first<2>());
    const auto kind = kind_2(type);
    if (!kind) {
      is_unknown = true;
      continue;
    }
    offer.push_back({*kind, id});
    byte_reader attributes{one->content.subspan(4)}; // only one is defined: the key's length
    const auto name = attributes.be16();
    const auto value = attributes.be16();
    if (name == 0x800eU && value)
      offer.push_back({attribute_kind::sa_key_length, *value});
  }
  const auto has = [&](attribute_kind kind, auto test) {
    return std::any_of(offer.begin(), offer.end(),
                       [&](const attribute& a) { return a.kind == kind && test(a.value); });
  };
  const auto is_some = [](std::uint64_t value) { return value != 0; };
  constexpr std::uint8_t ike = 1;
  lacks_encryption = lacks_encryption || protocol == ah;
  if (protocol == ike) {
    lacks_key_exchange = lacks_key_exchange || !has(attribute_kind::alg_dh, is_some);
    lacks_integrity = lacks_integrity || (!has(attribute_kind::alg_auth, is_some) &&
                                          !has(attribute_kind::alg_enc, is_combined));
  }
}

} // namespace cresset::detect::proto::ike
