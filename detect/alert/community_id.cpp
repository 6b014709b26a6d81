// Version 1: "1:" and the base64 of the SHA-1 over
//
//   seed (2) | source address | destination address | protocol (1) | 0 (1) [| source port (2) |
//   destination port (2)]
//
// in network order, the smaller (address, port) first. ICMP and ICMPv6 take the type as the source
// port and the type of the answer as the destination port where a type has an answer; where it has
// none, type and code stand there and the ends are not exchanged. Protocols without ports leave the
// ports out.
#include "detect/alert/community_id.hpp"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <array>
#include <span>
#include <utility>
#include <vector>

namespace cresset::detect::alert {
namespace {

using type_and_answer = std::pair<std::uint8_t, std::uint8_t>;

// RFC 792, 1256, 950
constexpr std::array icmp_answers{type_and_answer{8, 0},   type_and_answer{0, 8},
                                  type_and_answer{13, 14}, type_and_answer{14, 13},
                                  type_and_answer{15, 16}, type_and_answer{16, 15},
                                  type_and_answer{10, 9},  type_and_answer{9, 10},
                                  type_and_answer{17, 18}, type_and_answer{18, 17}};
// RFC 4443, 2710, 4861, 4620, 4286
constexpr std::array icmpv6_answers{
    type_and_answer{128, 129}, type_and_answer{129, 128}, type_and_answer{133, 134},
    type_and_answer{134, 133}, type_and_answer{135, 136}, type_and_answer{136, 135},
    type_and_answer{130, 131}, type_and_answer{131, 130}, type_and_answer{144, 145},
    type_and_answer{145, 144}, type_and_answer{139, 140}, type_and_answer{140, 139}};

std::optional<std::uint8_t> answer_to(std::uint16_t type, std::span<const type_and_answer> table) {
  for (const auto& [asked, answered] : table)
    if (asked == type)
      return answered;
  return std::nullopt;
}

bool has_ports(ip_protocol protocol) {
  return protocol == ip_protocol::tcp || protocol == ip_protocol::udp ||
         protocol == ip_protocol::sctp || protocol == ip_protocol::icmp ||
         protocol == ip_protocol::icmpv6;
}

/// The tuple with its ends in the order they are hashed in.
five_tuple ordered(five_tuple tuple) {
  const bool is_icmp = tuple.protocol == ip_protocol::icmp;
  if (is_icmp || tuple.protocol == ip_protocol::icmpv6) {
    const auto answer = is_icmp ? answer_to(tuple.source_port, icmp_answers)
                                : answer_to(tuple.source_port, icmpv6_answers);
    if (!answer)
      return tuple;
    tuple.destination_port = *answer;
  }
  if (!has_ports(tuple.protocol))
    tuple.source_port = tuple.destination_port = 0;
  const bool in_order =
      tuple.source < tuple.destination ||
      (tuple.source == tuple.destination && tuple.source_port <= tuple.destination_port);
  return in_order ? tuple : tuple.reversed();
}

} // namespace

std::optional<std::string> community_id(const five_tuple& tuple, std::uint16_t seed) {
  if (tuple.source.is_v4() != tuple.destination.is_v4())
    return std::nullopt;
  const auto flow = ordered(tuple);
  std::vector<unsigned char> hashed;
  hashed.reserve(2 + 16 + 16 + 2 + 4);
  const auto append16 = [&](std::uint16_t value) {
    hashed.push_back(static_cast<unsigned char>(value >> 8));
    hashed.push_back(static_cast<unsigned char>(value & 0xff));
  };
  append16(seed);
  for (const auto& address : {flow.source, flow.destination})
    for (const auto byte : address.bytes())
      hashed.push_back(std::to_integer<unsigned char>(byte));
  hashed.push_back(static_cast<unsigned char>(flow.protocol));
  hashed.push_back(0);
  if (has_ports(flow.protocol)) {
    append16(flow.source_port);
    append16(flow.destination_port);
  }
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  SHA1(hashed.data(), hashed.size(), digest.data());
  std::array<unsigned char, 4 * ((SHA_DIGEST_LENGTH + 2) / 3) + 1> text{};
  const int length = EVP_EncodeBlock(text.data(), digest.data(), SHA_DIGEST_LENGTH);
  return "1:" +
         std::string{reinterpret_cast<const char*>(text.data()), static_cast<std::size_t>(length)};
}

} // namespace cresset::detect::alert
