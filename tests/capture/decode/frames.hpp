#pragma once

#include "capture/decode/decoder.hpp"

#include <array>
#include <cassert>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

// Bytes written as hex, and the frames that the tests of this room wrap around them.
namespace frames {

using namespace cresset;
using namespace cresset::capture::decode;
using bytes = std::vector<std::byte>;

inline bytes hex(std::string_view text) {
  bytes out;
  int high = -1;
  for (const char c : text) {
    if (c == ' ')
      continue;
    const int digit = c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
    assert(digit >= 0 && digit < 16);
    if (high < 0) {
      high = digit;
    } else {
      out.push_back(static_cast<std::byte>(high * 16 + digit));
      high = -1;
    }
  }
  assert(high < 0);
  return out;
}

inline bytes join(std::initializer_list<bytes> parts) {
  bytes out;
  for (const auto& part : parts)
    out.insert(out.end(), part.begin(), part.end());
  return out;
}

inline bytes be16(std::size_t value) {
  return {static_cast<std::byte>(value >> 8), static_cast<std::byte>(value & 0xff)};
}
inline bytes u8(std::size_t value) {
  return {static_cast<std::byte>(value)};
}

inline bytes ethernet(std::uint16_t type, const bytes& payload) {
  return join({hex("020000000002 020000000001"), be16(type), payload});
}

/// From 192.0.2.1 to 198.51.100.2, time to live 64; the checksum stays 0.
inline bytes ipv4(std::uint8_t protocol, const bytes& payload, const bytes& options = {}) {
  const auto header = 20 + options.size();
  return join({u8(0x40 + header / 4), hex("00"), be16(header + payload.size()), hex("1234 0000 40"),
               u8(protocol), hex("0000 c0000201 c6336402"), options, payload});
}

/// From 2001:db8::1 to 2001:db8::2, hop limit 64.
inline bytes ipv6(std::uint8_t next, const bytes& payload) {
  return join({hex("60012345"), be16(payload.size()), u8(next), hex("40"),
               hex("20010db8000000000000000000000001 20010db8000000000000000000000002"), payload});
}

/// From port 4660 to `port`.
inline bytes udp(std::uint16_t port, const bytes& payload) {
  return join({hex("1234"), be16(port), be16(8 + payload.size()), hex("0000"), payload});
}

/// From port 4660 to 80, PSH and ACK, with the options given (a multiple of four bytes).
inline bytes tcp(const bytes& payload, const bytes& options = {}) {
  return join({hex("1234 0050 01020304 05060708"), u8((20 + options.size()) / 4 * 16),
               hex("18 2000 0000 0000"), options, payload});
}

/// What one frame decodes to. The frame is copied to bytes of just its size, so that a read past it
/// is found.
class outcome {
public:
  explicit outcome(const bytes& frame, link_type link = link_type::raw,
                   decoder_settings settings = {})
      : frame_(frame.begin(), frame.end()), decoder_{std::move(settings)}, count_{decoder_.decode(
                                                                               frame_, link,
                                                                               packets_)} {}

  const decoded_packet* operator->() const { return &packets_[0]; }
  const decoded_packet& operator[](std::size_t i) const {
    assert(i < count_);
    return packets_[i];
  }
  std::size_t count() const { return count_; }
  const decoder_counters& counters() const { return decoder_.counters(); }

private:
  bytes frame_;
  decoder decoder_;
  std::array<decoded_packet, decoder::limit_packets> packets_;
  std::size_t count_;
};

/// "damaged_network ipv4.trunc_pkt": the status and the events in order, for one comparison.
inline std::string verdict(const decoded_packet& packet) {
  std::string text{to_string(packet.status)};
  for (const auto event : packet.events())
    text += " " + std::string{to_string(event)};
  return text;
}

inline std::string text(byte_view view) {
  std::string out;
  for (const auto byte : view) {
    out += "0123456789abcdef"[std::to_integer<unsigned>(byte) >> 4];
    out += "0123456789abcdef"[std::to_integer<unsigned>(byte) & 15U];
  }
  return out;
}

} // namespace frames
