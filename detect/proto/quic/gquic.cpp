// A packet of Google's QUIC, with the public header of Q039 and Q043, or the long one of Q046:
//
//   Q043: flags 1 | connection id 8 | version 4 | packet number 1-6 | hash 12 | frames
//   Q046: first byte | version 4 | lengths of the ids 1 | ids | packet number 1-4 | hash 12 |
//   frames
//
// The hello is in the STREAM frame of stream 1:
//
//   CHLO | number of tags 2 | 0 0 | (tag 4, end of its value 4) ... | values      (little endian)
#include "detect/proto/quic/gquic.hpp"

#include "capture/base/byte_reader.hpp"

#include <algorithm>

namespace cresset::detect::proto::quic {
namespace {

constexpr std::size_t hash_size = 12;
constexpr std::size_t tags_limit = 128;
constexpr std::size_t value_limit = 4096;

bool is_version(byte_view bytes) noexcept {
  const auto text = as_text(bytes);
  return text.size() == 4 && text.starts_with("Q0") && text[2] >= '2' && text[2] <= '5' &&
         text[3] >= '0' && text[3] <= '9';
}

struct opened {
  byte_view version;
  byte_view frames;
};

/// Header and hash cut off; what is left are frames.
std::optional<opened> open(byte_view datagram) noexcept {
  byte_reader in{datagram};
  const auto first = in.u8();
  if (!first)
    return std::nullopt;
  std::optional<byte_view> version;
  std::size_t number_size = 0;
  if ((*first & 0x80U) != 0) {
    version = in.take(4);
    const auto sizes = in.u8();
    if (!sizes)
      return std::nullopt;
    const auto id_size = [](unsigned half) { return half == 0 ? 0 : half + 3U; };
    if (!in.skip(id_size(*sizes >> 4U) + id_size(*sizes & 0xfU)))
      return std::nullopt;
    number_size = (*first & 0x3U) + 1U;
  } else {
    constexpr unsigned has_version = 0x01, has_id = 0x08;
    constexpr std::size_t sizes[] = {1, 2, 4, 6};
    if ((*first & has_version) == 0 || ((*first & has_id) != 0 && !in.skip(8)))
      return std::nullopt;
    version = in.take(4);
    number_size = sizes[*first >> 4U & 3U];
  }
  if (!version || !is_version(*version) || !in.skip(number_size + hash_size))
    return std::nullopt;
  return opened{*version, in.rest()};
}

/// The bytes of the first STREAM frame; PADDING before it is passed over.
std::optional<byte_view> stream_bytes(byte_view frames) noexcept {
  byte_reader in{frames};
  std::optional<std::uint8_t> type = in.u8();
  while (type && *type == 0)
    type = in.u8();
  if (!type || (*type & 0x80U) == 0)
    return std::nullopt;
  const std::size_t offset_bits = *type >> 2U & 7U;
  if (!in.skip((*type & 3U) + 1U + (offset_bits == 0 ? 0 : offset_bits + 1)))
    return std::nullopt;
  if ((*type & 0x20U) == 0)
    return in.rest();
  const auto size = in.be16();
  return size ? in.take(*size) : std::nullopt;
}

std::string name_of(byte_view tag) {
  std::string name{as_text(tag)};
  while (name.ends_with('\0'))
    name.pop_back();
  return name;
}

} // namespace

byte_view gquic_version(byte_view datagram) noexcept {
  const auto one = open(datagram);
  return one ? one->version : byte_view{};
}

std::optional<gquic_hello> read_gquic_hello(byte_view datagram) {
  const auto packet = open(datagram);
  const auto message = packet ? stream_bytes(packet->frames) : std::nullopt;
  if (!message)
    return std::nullopt;
  byte_reader in{*message};
  const auto kind = in.take(4);
  const auto count = in.le16();
  if (!count || as_text(*kind) != "CHLO" || *count > tags_limit || !in.skip(2))
    return std::nullopt;
  gquic_hello hello;
  hello.version = as_text(packet->version);
  hello.cyu = hello.version.substr(2) + ",";
  const auto values = message->subspan(std::min(message->size(), in.position() + *count * 8U));
  std::size_t begin = 0;
  for (unsigned i = 0; i < *count; ++i) {
    const auto tag = in.take(4);
    const auto end = in.le32();
    if (!end)
      return std::nullopt;
    const auto name = name_of(*tag);
    hello.cyu += (i == 0 ? "" : "-") + name;
    // The value may be cut off by the datagram's end.
    if (*end >= begin && *end <= values.size() && *end - begin <= value_limit) {
      const std::string value{as_text(values.subspan(begin, *end - begin))};
      if (name == "SNI")
        hello.sni = value;
      else if (name == "UAID")
        hello.user_agent = value;
    }
    begin = std::max<std::size_t>(begin, *end);
  }
  return hello;
}

} // namespace cresset::detect::proto::quic
