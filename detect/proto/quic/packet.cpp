//   first byte | version 4 | destination <1> | source <1> | Initial: token <varint>
//   length varint | packet number 1-4 | payload
#include "detect/proto/quic/packet.hpp"

#include "capture/base/byte_reader.hpp"
#include "detect/proto/quic/initial_keys.hpp"

#include <array>

namespace cresset::detect::proto::quic {
namespace {

constexpr std::size_t connection_id_limit = 20;
constexpr std::size_t pieces_limit = 128;

/// RFC 9000 16: the two top bits say how many bytes.
std::optional<std::uint64_t> varint(byte_reader& in) noexcept {
  const auto first = in.u8();
  if (!first)
    return std::nullopt;
  std::uint64_t value = *first & 0x3fU;
  for (unsigned more = (1U << (*first >> 6U)) - 1; more > 0; --more) {
    const auto next = in.u8();
    if (!next)
      return std::nullopt;
    value = value << 8U | *next;
  }
  return value;
}

bool skip_varints(byte_reader& in, int count) noexcept {
  while (count-- > 0)
    if (!varint(in))
      return false;
  return true;
}

std::optional<byte_view> sized(byte_reader& in) noexcept {
  const auto size = varint(in);
  return size && *size <= in.remaining() ? in.take(static_cast<std::size_t>(*size)) : std::nullopt;
}

packet_type type_of(std::uint32_t version, unsigned first) noexcept {
  using enum packet_type;
  if (version == 0)
    return negotiation;
  constexpr std::array<packet_type, 4> of_1{initial, zero_rtt, handshake, retry};
  constexpr std::array<packet_type, 4> of_2{retry, initial, zero_rtt, handshake}; // RFC 9369 3.2
  if (!can_open(version))
    return unknown;
  return (version == version_2 ? of_2 : of_1)[first >> 4U & 3U];
}

/// ACK (RFC 9000 19.3).
bool skip_ack(byte_reader& in, bool has_ecn) noexcept {
  if (!skip_varints(in, 2))
    return false;
  const auto ranges = varint(in);
  if (!ranges || *ranges > in.remaining() || !skip_varints(in, 1))
    return false;
  for (std::uint64_t i = 0; i < *ranges; ++i)
    if (!skip_varints(in, 2))
      return false;
  return !has_ecn || skip_varints(in, 3);
}

} // namespace

std::optional<long_packet> read_long_packet(byte_view datagram) noexcept {
  byte_reader in{datagram};
  const auto first = in.u8();
  const auto version = in.be32();
  if (!version || (*first & 0x80U) == 0)
    return std::nullopt;
  long_packet one;
  one.version = *version;
  const auto destination_size = in.u8();
  const auto destination = destination_size && *destination_size <= connection_id_limit
                               ? in.take(*destination_size)
                               : std::nullopt;
  const auto source_size = destination ? in.u8() : std::nullopt;
  const auto source =
      source_size && *source_size <= connection_id_limit ? in.take(*source_size) : std::nullopt;
  if (!source)
    return std::nullopt;
  one.destination = *destination;
  one.source = *source;
  one.type = type_of(*version, *first);
  one.bytes = datagram;
  if (one.type == packet_type::unknown || one.type == packet_type::retry ||
      one.type == packet_type::negotiation)
    return one; // nothing can stand behind it
  if (one.type == packet_type::initial && !sized(in))
    return std::nullopt;
  const auto length = varint(in);
  if (!length || *length > in.remaining())
    return std::nullopt;
  one.number_at = in.position();
  one.bytes = datagram.first(one.number_at + static_cast<std::size_t>(*length));
  return one;
}

bool read_crypto_frames(byte_view frames, std::vector<crypto_piece>& out) {
  byte_reader in{frames};
  while (!in.empty()) {
    const auto type = varint(in);
    if (!type)
      return false;
    switch (*type) {
    case 0x00: // PADDING
    case 0x01: // PING
      break;
    case 0x02:
    case 0x03:
      if (!skip_ack(in, *type == 0x03))
        return false;
      break;
    case 0x06: {
      const auto offset = varint(in);
      const auto bytes = offset ? sized(in) : std::nullopt;
      if (!bytes)
        return false;
      if (out.size() < pieces_limit)
        out.push_back({*offset, *bytes});
      break;
    }
    case 0x1c: // CONNECTION_CLOSE: error, frame, reason
      if (!skip_varints(in, 2) || !sized(in))
        return false;
      break;
    default: return false;
    }
  }
  return true;
}

} // namespace cresset::detect::proto::quic
