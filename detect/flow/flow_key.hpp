#pragma once

#include "capture/base/five_tuple.hpp"
#include "capture/decode/decoded_packet.hpp"

#include <array>
#include <cstdint>

namespace cresset::detect::flow {

/// What, beside the five tuple, tells flows apart.
struct flow_key_settings {
  bool vlan = true;         ///< `vlan.use-for-tracking`
  bool tunnel_depth = true; ///< `decoder.recursion-level.use-for-tracking`
  /// Makes places in the table unpredictable from outside; any two numbers drawn at start.
  std::array<std::uint64_t, 2> hash_secret{0x9e3779b97f4a7c15, 0xd1b54a32d192ed03};
};

/// The name of a flow, the same for both directions: the end that compares lower stands first. 48
/// bytes without padding, so that two keys are compared and hashed as bytes; family and protocol
/// are part of it.
struct flow_key {
  std::array<std::byte, 16> low_address{};
  std::array<std::byte, 16> high_address{};
  std::array<std::uint16_t, 3> vlan_ids{};
  std::uint16_t low_port = 0;  ///< ICMP: type of the request, or of a message without answer
  std::uint16_t high_port = 0; ///< ICMP: type of the answer, or the code
  std::uint16_t icmp_id = 0;
  std::uint8_t protocol = 0;
  std::uint8_t ip_version = 0;
  std::uint8_t tunnel_depth = 0;
  std::uint8_t is_icmp_exchange = 0; ///< request and answer share the key

  friend bool operator==(const flow_key& a, const flow_key& b) noexcept;
};
static_assert(sizeof(flow_key) == 48 && std::has_unique_object_representations_v<flow_key>);

/// A packet's key with its hash, made once a packet: the first of the two steps of a burst's
/// lookup.
struct keyed_packet {
  flow_key key;
  std::uint64_t hash = 0;
  bool reversed = false; ///< the packet goes from the high end to the low one
};

/// Precondition: `packet.is_ip()`. Fragments share a key without ports; reassemble first.
keyed_packet make_key(const capture::decode::decoded_packet& packet,
                      const flow_key_settings& settings) noexcept;

/// The hash of a key under a secret: three folded 128-bit products, about 3 ns.
std::uint64_t hash_of(const flow_key& key, const std::array<std::uint64_t, 2>& secret) noexcept;

} // namespace cresset::detect::flow
