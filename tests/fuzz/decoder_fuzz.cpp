// The first byte chooses the link type, the rest is the frame. What comes out must lie inside what
// went in.
#include "capture/decode/checksum.hpp"
#include "capture/decode/decoder.hpp"

#include <cstdlib>
#include <vector>

using namespace cresset;
using namespace cresset::capture::decode;

namespace {

constexpr std::array links{link_type::ethernet,    link_type::null,     link_type::ppp,
                           link_type::raw_bsd,     link_type::ppp_hdlc, link_type::raw,
                           link_type::cisco_hdlc,  link_type::loopback, link_type::linux_cooked,
                           link_type::ipv4,        link_type::ipv6,     link_type::linux_cooked_v2,
                           link_type::raw_openbsd, link_type{9999}};

void require(bool holds) {
  if (!holds)
    std::abort();
}

bool is_inside(byte_view part, byte_view whole) {
  return part.empty() ||
         (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

void check(const decoded_packet& packet, byte_view whole) {
  for (const auto part : {packet.frame, packet.network, packet.network_header,
                          packet.transport_header, packet.payload, packet.unfragmentable})
    require(is_inside(part, whole));
  require(is_inside(packet.network_header, packet.network));
  require(is_inside(packet.payload, packet.network));
  require(packet.is_ip() || packet.payload.empty());
  require(!packet.is_tcp() || packet.transport_header.size() >= 20);
  for (const auto option : packet.ipv4_options())
    require(is_inside(packet.bytes_of(option), packet.network_header));
  ipv4_header_checksum(packet);
  transport_checksum(packet);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0)
    return 0;
  const auto* first = reinterpret_cast<const std::byte*>(bytes);
  const std::vector<std::byte> frame(first + 1, first + size);
  decoder reader;
  std::array<decoded_packet, decoder::limit_packets> out;
  const auto count = reader.decode(frame, links[bytes[0] % links.size()], out);
  require(count >= 1 && count <= out.size());
  for (std::size_t i = 0; i < count; ++i)
    check(out[i], frame);
  // The rest once more as a datagram put together from fragments, in the place of the last.
  const auto context = out[0];
  const auto datagrams = reader.decode_network(frame, context, out);
  for (std::size_t i = 0; i < datagrams; ++i) {
    require(is_inside(out[i].payload, frame));
    transport_checksum(out[i]);
  }
  return 0;
}
