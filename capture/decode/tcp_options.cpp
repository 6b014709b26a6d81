#include "capture/decode/tcp_options.hpp"

#include "capture/decode/bytes_at.hpp"

#include <cassert>

namespace cresset::capture::decode {
namespace {

// IANA "TCP Option Kind Numbers".
enum : std::uint8_t {
  option_end = 0,
  option_no_operation = 1,
  option_mss = 2,
  option_window_scale = 3,
  option_sack_permitted = 4,
  option_sack = 5,
  option_timestamps = 8,
  option_fast_open = 34,
  option_experiment_1 = 253,
  option_experiment_2 = 254,
};

constexpr std::uint16_t fast_open_magic =
    0xf989; // RFC 7413 4.1.1, before it had a number of its own

// Each answers false when the length is not one the option may have.

bool read_sack(byte_view body, tcp_options& options) noexcept {
  // Up to four blocks of two sequence numbers; an option without any is sent by some stacks and
  // does no harm.
  if (body.size() % 8 != 0 || body.size() > 32)
    return false;
  options.has_sack = true;
  options.sack_blocks = static_cast<std::uint8_t>(body.size() / 8);
  return true;
}

bool read_fast_open(byte_view cookie, tcp_options& options) noexcept {
  if (cookie.size() > 16 || (!cookie.empty() && (cookie.size() < 4 || cookie.size() % 2 != 0)))
    return false;
  options.fast_open_cookie_bytes = static_cast<std::uint8_t>(cookie.size());
  return true;
}

bool read_option(std::uint8_t kind, byte_view body, tcp_options& options) noexcept {
  switch (kind) {
  case option_mss:
    if (body.size() != 2)
      return false;
    options.mss = be16_at(body, 0);
    return true;
  case option_window_scale:
    if (body.size() != 1)
      return false;
    options.window_scale = u8_at(body, 0);
    return true;
  case option_sack_permitted:
    if (!body.empty())
      return false;
    options.sack_permitted = true;
    return true;
  case option_timestamps:
    if (body.size() != 8)
      return false;
    options.timestamp_value = be32_at(body, 0);
    options.timestamp_echo = be32_at(body, 4);
    return true;
  case option_sack: return read_sack(body, options);
  case option_fast_open: return read_fast_open(body, options);
  case option_experiment_1:
  case option_experiment_2:
    if (body.size() >= 2 && be16_at(body, 0) == fast_open_magic)
      return read_fast_open(body.subspan(2), options);
    return true;
  default: return true;
  }
}

bool is_there(std::uint8_t kind, const tcp_options& options) noexcept {
  switch (kind) {
  case option_mss: return options.mss.has_value();
  case option_window_scale: return options.window_scale.has_value();
  case option_sack_permitted: return options.sack_permitted;
  case option_sack: return options.has_sack;
  case option_timestamps: return options.timestamp_value.has_value();
  case option_fast_open: return options.fast_open_cookie_bytes.has_value();
  default: return false;
  }
}

} // namespace

void read_tcp_options(byte_view options, decoded_packet& packet) noexcept {
  assert(packet.tcp);
  while (!options.empty()) {
    const auto kind = u8_at(options, 0);
    if (kind == option_end)
      return;
    if (kind == option_no_operation) {
      options = options.subspan(1);
      continue;
    }
    if (options.size() < 2 || u8_at(options, 1) < 2 || u8_at(options, 1) > options.size())
      return packet.add_event(decode_event::tcp_opt_invalid_len);
    const std::size_t length = u8_at(options, 1);
    // The first of its kind counts, as it does in the stacks that reject the second.
    if (is_there(kind, packet.tcp->options))
      packet.add_event(decode_event::tcp_opt_duplicate);
    else if (!read_option(kind, options.subspan(2, length - 2), packet.tcp->options))
      packet.add_event(decode_event::tcp_opt_invalid_len);
    options = options.subspan(length);
  }
}

} // namespace cresset::capture::decode
