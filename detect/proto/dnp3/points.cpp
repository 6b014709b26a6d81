// Letters of a layout, each a field in the order of the bytes:
//
//   b c a o d   an octet of flags: binary input, counter, analog, binary output status, double-bit
//   input U V         counter value of 4, 2 bytes          I H   signed value of 4, 2 bytes f D
//   floating point of 4, 8 bytes         T t   time of 6 bytes (ms since 1970), of 2 (relative) s
//   status of a command                  X     control relay output block y           a byte's
//   value                       m n   delay in ms, in s (2 bytes) i u         interval of 4 bytes,
//   its unit of 1
#include "detect/proto/dnp3/points.hpp"

#include "capture/base/byte_reader.hpp"

#include <bit>
#include <span>

namespace cresset::detect::proto::dnp3 {
namespace {

// clang-format off
constexpr point_layout layouts[] = {
    {1, 1, "", 1}, {1, 2, "b"},
    {2, 1, "b"}, {2, 2, "bT"}, {2, 3, "bt"},
    {3, 1, "", 2}, {3, 2, "d"},
    {4, 1, "d"}, {4, 2, "dT"}, {4, 3, "dt"},
    {10, 1, "", 1}, {10, 2, "o"},
    {11, 1, "o"}, {11, 2, "oT"},
    {12, 1, "X"}, {12, 2, "X"}, {12, 3, "", 1},
    {13, 1, "k"}, {13, 2, "kT"},
    {20, 1, "cU"}, {20, 2, "cV"}, {20, 3, "cU"}, {20, 4, "cV"}, {20, 5, "U"}, {20, 6, "V"}, {20, 7, "U"}, {20, 8, "V"},
    {21, 1, "cU"}, {21, 2, "cV"}, {21, 3, "cU"}, {21, 4, "cV"}, {21, 5, "cUT"}, {21, 6, "cVT"},
    {21, 7, "cUT"}, {21, 8, "cVT"}, {21, 9, "U"}, {21, 10, "V"}, {21, 11, "U"}, {21, 12, "V"},
    {22, 1, "cU"}, {22, 2, "cV"}, {22, 3, "cU"}, {22, 4, "cV"}, {22, 5, "cUT"}, {22, 6, "cVT"}, {22, 7, "cUT"}, {22, 8, "cVT"},
    {23, 1, "cU"}, {23, 2, "cV"}, {23, 3, "cU"}, {23, 4, "cV"}, {23, 5, "cUT"}, {23, 6, "cVT"}, {23, 7, "cUT"}, {23, 8, "cVT"},
    {30, 1, "aI"}, {30, 2, "aH"}, {30, 3, "I"}, {30, 4, "H"}, {30, 5, "af"}, {30, 6, "aD"},
    {31, 1, "aI"}, {31, 2, "aH"}, {31, 3, "aIT"}, {31, 4, "aHT"}, {31, 5, "I"}, {31, 6, "H"}, {31, 7, "af"}, {31, 8, "aD"},
    {32, 1, "aI"}, {32, 2, "aH"}, {32, 3, "aIT"}, {32, 4, "aHT"}, {32, 5, "af"}, {32, 6, "aD"}, {32, 7, "afT"}, {32, 8, "aDT"},
    {33, 1, "aI"}, {33, 2, "aH"}, {33, 3, "aIT"}, {33, 4, "aHT"}, {33, 5, "af"}, {33, 6, "aD"}, {33, 7, "afT"}, {33, 8, "aDT"},
    {34, 1, "V"}, {34, 2, "U"}, {34, 3, "f"},
    {40, 1, "aI"}, {40, 2, "aH"}, {40, 3, "af"}, {40, 4, "aD"},
    {41, 1, "Is"}, {41, 2, "Hs"}, {41, 3, "fs"}, {41, 4, "Ds"},
    {42, 1, "aI"}, {42, 2, "aH"}, {42, 3, "aIT"}, {42, 4, "aHT"}, {42, 5, "af"}, {42, 6, "aD"}, {42, 7, "afT"}, {42, 8, "aDT"},
    {43, 1, "sI"}, {43, 2, "sH"}, {43, 3, "sIT"}, {43, 4, "sHT"}, {43, 5, "sf"}, {43, 6, "sD"}, {43, 7, "sfT"}, {43, 8, "sDT"},
    {50, 1, "T"}, {50, 2, "Ti"}, {50, 3, "T"}, {50, 4, "Tiu"},
    {51, 1, "T"}, {51, 2, "T"},
    {52, 1, "n"}, {52, 2, "m"},
    {80, 1, "", 1},
    {102, 1, "y"},
};

using bit_names = std::string_view[8]; // from bit 0 up
constexpr bit_names binary_flags{"online", "restart", "comm_lost", "remote_forced", "local_forced", "chatter_filter", "reserved", "state"};
constexpr bit_names double_flags{"online", "restart", "comm_lost", "remote_forced", "local_forced", "chatter_filter", "", ""};
constexpr bit_names counter_flags{"online", "restart", "comm_lost", "remote_forced", "local_forced", "rollover", "discontinuity", "reserved0"};
constexpr bit_names analog_flags{"online", "restart", "comm_lost", "remote_forced", "local_forced", "over_range", "reference_err", "reserved0"};
constexpr bit_names output_flags{"online", "restart", "comm_lost", "remote_forced", "local_forced", "reserved0", "reserved1", "state"};
// clang-format on

std::size_t size_of(char field) noexcept {
  switch (field) {
  case 'U':
  case 'I':
  case 'f':
  case 'i': return 4;
  case 'V':
  case 'H':
  case 't':
  case 'm':
  case 'n': return 2;
  case 'D': return 8;
  case 'T': return 6;
  case 'X': return 11;
  default: return 1;
  }
}

void write_flags(json_writer& json, std::span<const std::string_view, 8> names, unsigned bits) {
  for (std::size_t i = 0; i < names.size(); ++i)
    if (!names[i].empty())
      json.member(names[i], bits >> i & 1U);
}

/// A control relay output block: what to do, how often, for how long.
void write_relay_block(json_writer& json, byte_reader& in) {
  const unsigned code = *in.u8();
  json.member("op_type", code & 0x0fU).member("qu", code >> 4 & 1U);
  json.member("cr", code >> 5 & 1U).member("tcc", code >> 6);
  json.member("count", *in.u8()).member("ontime", *in.le32()).member("offtime", *in.le32());
  const unsigned status = *in.u8();
  json.member("status_code", status & 0x7fU).member("reserved", status >> 7);
}

void write_field(json_writer& json, char field, byte_reader& in) {
  switch (field) {
  case 'b': return write_flags(json, binary_flags, *in.u8());
  case 'c': return write_flags(json, counter_flags, *in.u8());
  case 'a': return write_flags(json, analog_flags, *in.u8());
  case 'o': return write_flags(json, output_flags, *in.u8());
  case 'd': {
    const unsigned octet = *in.u8();
    write_flags(json, double_flags, octet);
    json.member("state", octet >> 6);
    return;
  }
  case 'k': {
    const unsigned octet = *in.u8();
    json.member("status_code", octet & 0x7fU).member("commanded_state", octet >> 7);
    return;
  }
  case 'X': return write_relay_block(json, in);
  case 'U': json.member("value", *in.le32()); return;
  case 'V': json.member("value", *in.le16()); return;
  case 'y': json.member("value", *in.u8()); return;
  case 'I': json.member("value", static_cast<std::int32_t>(*in.le32())); return;
  case 'H': json.member("value", static_cast<std::int16_t>(*in.le16())); return;
  case 'f': json.key("value").real(std::bit_cast<float>(*in.le32())); return;
  case 'D': json.key("value").real(std::bit_cast<double>(*in.le64())); return;
  case 's': json.member("status_code", *in.u8()); return;
  case 'm': json.member("delay_ms", *in.le16()); return;
  case 'n': json.member("delay_secs", *in.le16()); return;
  case 'i': json.member("interval", *in.le32()); return;
  case 'u': json.member("unit", *in.u8()); return;
  case 't': json.member("timestamp", *in.le16()); return;
  case 'T': {
    const std::uint64_t low = *in.le32();
    json.member("timestamp", low | std::uint64_t{*in.le16()} << 32);
    return;
  }
  default: return;
  }
}

} // namespace

std::size_t point_layout::size() const noexcept {
  std::size_t sum = 0;
  for (const char field : fields)
    sum += size_of(field);
  return sum;
}

const point_layout* find_layout(std::uint8_t group, std::uint8_t variation) noexcept {
  for (const auto& one : layouts)
    if (one.group == group && one.variation == variation)
      return &one;
  return nullptr;
}

void write_point(json_writer& json, const point_layout& layout, byte_view bytes) {
  byte_reader in{bytes};
  for (const char field : layout.fields)
    write_field(json, field, in);
}

} // namespace cresset::detect::proto::dnp3
