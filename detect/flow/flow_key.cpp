#include "detect/flow/flow_key.hpp"

#include <algorithm>
#include <cstring>

// ICMP has no ports. A request and its answer (echo, timestamp, solicitation, …) get one key from
// the pair of their types, their id and who asks: two ends that ask each other have two flows;
// every other message, errors above all, is a flow of its own by type and code: an error relates to
// nothing here, because its sender may write into it what it likes.
namespace cresset::detect::flow {
namespace {

using capture::decode::decoded_packet;

struct exchange {
  std::uint8_t request;
  std::uint8_t answer;
};
constexpr std::array<exchange, 5> icmpv4_exchanges{{{8, 0}, {10, 9}, {13, 14}, {15, 16}, {17, 18}}};
constexpr std::array<exchange, 4> icmpv6_exchanges{
    {{128, 129}, {133, 134}, {135, 136}, {139, 140}}};

template <std::size_t Size>
const exchange* find_exchange(const std::array<exchange, Size>& known, std::uint8_t type) noexcept {
  const auto found = std::find_if(known.begin(), known.end(), [&](const exchange& e) {
    return e.request == type || e.answer == type;
  });
  return found == known.end() ? nullptr : &*found;
}

void name_icmp(const decoded_packet& packet, bool reversed, flow_key& key) noexcept {
  const auto& icmp = *packet.icmp;
  const auto* const pair = packet.ip_version == 6 ? find_exchange(icmpv6_exchanges, icmp.type)
                                                  : find_exchange(icmpv4_exchanges, icmp.type);
  // one end that asks itself is one flow
  const bool low_asks = pair != nullptr && ((icmp.type == pair->request) != reversed ||
                                            key.low_address == key.high_address);
  key.is_icmp_exchange = pair == nullptr ? 0 : low_asks ? 1 : 2;
  key.low_port = pair != nullptr ? pair->request : icmp.type;
  key.high_port = pair != nullptr ? pair->answer : icmp.code;
  key.icmp_id = icmp.id.value_or(0);
}

} // namespace

bool operator==(const flow_key& a, const flow_key& b) noexcept {
  return std::memcmp(&a, &b, sizeof a) == 0;
}

keyed_packet make_key(const decoded_packet& packet, const flow_key_settings& settings) noexcept {
  keyed_packet made;
  auto& key = made.key;
  const auto source = packet.tuple.source.storage();
  const auto destination = packet.tuple.destination.storage();
  const int order = std::memcmp(source.data(), destination.data(), source.size());
  const bool has_ports = !packet.is_icmp() && !packet.is_fragment;
  made.reversed = order > 0 || (order == 0 && has_ports &&
                                packet.tuple.source_port > packet.tuple.destination_port);
  std::memcpy(key.low_address.data(), (made.reversed ? destination : source).data(), 16);
  std::memcpy(key.high_address.data(), (made.reversed ? source : destination).data(), 16);
  if (packet.is_icmp()) {
    name_icmp(packet, made.reversed, key);
  } else if (has_ports) {
    key.low_port = made.reversed ? packet.tuple.destination_port : packet.tuple.source_port;
    key.high_port = made.reversed ? packet.tuple.source_port : packet.tuple.destination_port;
  }
  if (settings.vlan)
    std::copy_n(packet.vlan_ids.begin(),
                std::min<std::size_t>(packet.vlan_count, key.vlan_ids.size()),
                key.vlan_ids.begin());
  key.protocol = static_cast<std::uint8_t>(packet.tuple.protocol);
  key.ip_version = packet.ip_version;
  key.tunnel_depth = settings.tunnel_depth ? packet.tunnel_depth : 0;
  made.hash = hash_of(key, settings.hash_secret);
  return made;
}

namespace {

__extension__ using wide = unsigned __int128;

std::uint64_t fold(std::uint64_t a, std::uint64_t b) noexcept {
  const wide product = static_cast<wide>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

} // namespace

/// The mixing of wyhash: products of 64 bits by 64 bits, both halves folded together. A factor of
/// zero would swallow the other word, so each is mixed with a secret that an outsider cannot
/// cancel.
std::uint64_t hash_of(const flow_key& key, const std::array<std::uint64_t, 2>& secret) noexcept {
  std::array<std::uint64_t, sizeof(flow_key) / 8> words;
  std::memcpy(words.data(), &key, sizeof key);
  constexpr std::uint64_t odd1 = 0xa0761d6478bd642f;
  constexpr std::uint64_t odd2 = 0xe7037ed1a0b428db;
  const std::uint64_t a = fold(words[0] ^ secret[0], words[1] ^ secret[1] ^ odd1);
  const std::uint64_t b = fold(words[2] ^ secret[1], words[3] ^ secret[0] ^ odd2);
  const std::uint64_t c = fold(words[4] ^ secret[0] ^ odd2, words[5] ^ secret[1]);
  return fold(a ^ c ^ odd1, b ^ (c << 32 | c >> 32) ^ secret[1]);
}

} // namespace cresset::detect::flow
