#include "capture/decode/ipv6_options.hpp"

#include "capture/decode/bytes_at.hpp"

namespace cresset::capture::decode {
namespace {

// IANA "Destination Options and Hop-by-Hop Options", the whole type byte.
constexpr std::uint8_t option_pad1 = 0x00;
constexpr std::uint8_t option_padn = 0x01;

constexpr bool is_known(std::uint8_t type) noexcept {
  switch (type) {
  case 0x04:              // tunnel encapsulation limit, RFC 2473
  case 0x05:              // router alert, RFC 2711
  case 0x07:              // CALIPSO, RFC 5570
  case 0x08:              // SMF_DPD, RFC 6621
  case 0x0f:              // performance and diagnostic metrics, RFC 8250
  case 0x11:              // IOAM, RFC 9486
  case 0x23:              // RPL, RFC 9008
  case 0x26:              // quick start, RFC 4782
  case 0x30:              // minimum path MTU, RFC 9268
  case 0x31:              // IOAM, may change on the way
  case 0x63:              // RPL, RFC 6553
  case 0x6d:              // MPL, RFC 7731
  case 0xc2:              // jumbo payload, RFC 2675
  case 0xc9: return true; // home address, RFC 6275
  default: return false;
  }
}

// Options whose data has one length only; 0 for all others.
constexpr std::size_t fixed_length(std::uint8_t type) noexcept {
  switch (type) {
  case 0x05: return 2;
  case 0xc2: return 4;
  case 0xc9: return 16;
  default: return 0;
  }
}

} // namespace

void check_ipv6_options(byte_view options, bool is_hop_by_hop, decoded_packet& packet) noexcept {
  const bool has_bytes = !options.empty();
  bool only_padding = true;
  bool behind_padding = false;
  bool behind_empty_padn = false;
  // Two bytes of padding are an empty PadN, which ordinary MLD reports end with (RFC 8200 4.2): it
  // is odd only beside other padding, where one option would have done.
  const auto pad = [&](bool is_empty_padn) {
    if (behind_empty_padn || (is_empty_padn && behind_padding))
      packet.add_event(decode_event::ipv6_zero_len_padn);
    behind_padding = true;
    behind_empty_padn = is_empty_padn;
  };
  while (!options.empty()) {
    const auto type = u8_at(options, 0);
    if (type == option_pad1) {
      pad(false);
      options = options.subspan(1);
      continue;
    }
    if (options.size() < 2 || u8_at(options, 1) > options.size() - 2)
      return packet.add_event(decode_event::ipv6_exthdr_invalid_optlen);
    const std::size_t length = u8_at(options, 1);
    options = options.subspan(2 + length);
    if (type == option_padn) {
      pad(length == 0);
      continue;
    }
    only_padding = behind_padding = behind_empty_padn = false;
    if (!is_known(type))
      packet.add_event(is_hop_by_hop ? decode_event::ipv6_hopopts_unknown_opt
                                     : decode_event::ipv6_dstopts_unknown_opt);
    else if (fixed_length(type) != 0 && fixed_length(type) != length)
      packet.add_event(decode_event::ipv6_exthdr_invalid_optlen);
  }
  if (has_bytes && only_padding)
    packet.add_event(is_hop_by_hop ? decode_event::ipv6_hopopts_only_padding
                                   : decode_event::ipv6_dstopts_only_padding);
}

} // namespace cresset::capture::decode
