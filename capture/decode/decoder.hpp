#pragma once

#include "capture/base/counter.hpp"
#include "capture/decode/decoded_packet.hpp"
#include "capture/decode/decoder_settings.hpp"
#include "capture/decode/layer_step.hpp"

namespace cresset::capture::decode {

/// What a decoder has seen. One thread raises, any thread reads.
struct decoder_counters {
  counter packets; ///< frames given to `decode`
  counter bytes;
  counter reassembled; ///< datagrams given to `decode_network`
  counter inner_packets;
  /// Outer and inner packets alike, each by how far it could be read and by each of its events.
  std::array<counter, decode_status_count> by_status;
  std::array<counter, decode_event_count> by_event;
  std::array<counter, tunnel_kind_count> by_tunnel;
  counter vlan, ipv4, ipv6, fragments, tcp, udp, icmpv4, icmpv6, sctp;
  /// Tunnels not opened, because they lay deeper than the limit.
  counter tunnels_refused;
};

/// Reads frames from the link layer to the transport header. Never allocates, never throws, never
/// reads past the bytes it was given; belongs to one thread.
class decoder {
public:
  /// The outer packet and the packets of tunnels inside each other.
  static constexpr std::size_t limit_packets = 5;

  explicit decoder(decoder_settings settings = {});

  /// Reads one captured frame. `out[0]` becomes the outer packet, `out[1]` the one in its tunnel,
  /// and so on; answers how many there are, at least 1. Precondition: `out` is not empty; beyond
  /// `out.size()` and `limit_packets` tunnels stay closed and are counted.
  std::size_t decode(byte_view frame, link_type link, std::span<decoded_packet> out) noexcept;

  /// Reads a datagram that begins with its IP header, as reassembly of fragments gives one. Link
  /// layer, VLANs and tunnel of `last_fragment` are taken over into every packet.
  std::size_t decode_network(byte_view datagram, const decoded_packet& last_fragment,
                             std::span<decoded_packet> out) noexcept;

  const decoder_counters& counters() const noexcept { return counters_; }

private:
  std::size_t read_all(layer_step step, std::span<decoded_packet> out) noexcept;
  void count(const decoded_packet& packet) noexcept;

  decoder_settings settings_;
  decoder_counters counters_;
};

} // namespace cresset::capture::decode
