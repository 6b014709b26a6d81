#include "capture/source/pcapng_format.hpp"

#include <algorithm>
#include <limits>

// block            type 4 | total length 4 | body, padded to 4 | total length 4
// section header   0x0a0d0d0a: byte order magic 4 | version 4 | section length 8 | options
// interface        1: link type 2 | reserved 2 | snap length 4 | options
// enhanced packet  6: interface 4 | time high 4 | time low 4 | captured 4 | original 4 | packet |
// options simple packet    3: original 4 | packet packet           2, obsolete: interface 2 | drops
// 2 | time high 4 | time low 4 | captured 4 | original 4 | packet
//
// A section header reads the same in both byte orders, so its length is read only after its magic.

namespace cresset::capture::source {
namespace {

enum block_type : std::uint32_t {
  block_interface = 1,
  block_packet_obsolete = 2,
  block_simple_packet = 3,
  block_enhanced_packet = 6,
  block_section = 0x0a0d0d0a,
};
constexpr std::uint32_t byte_order_magic = 0x1a2b3c4d;
constexpr std::size_t block_frame_bytes = 12; // type and both lengths
constexpr std::size_t least_section_bytes = 28;
constexpr std::uint16_t option_end = 0;
constexpr std::uint16_t option_resolution = 9;
constexpr std::uint16_t option_offset = 14;

constexpr bool carries_packet(std::uint32_t type) noexcept {
  return type == block_packet_obsolete || type == block_simple_packet ||
         type == block_enhanced_packet;
}

constexpr std::uint64_t power_of_ten(unsigned exponent) noexcept {
  std::uint64_t power = 1;
  for (; exponent > 0; --exponent)
    power *= 10;
  return power;
}

// A moment too far away for the type stays at its end: a damaged clock is no reason to lose the
// packet.
timestamp moment(std::uint64_t seconds, std::uint64_t nanoseconds,
                 std::int64_t offset_seconds) noexcept {
  constexpr std::int64_t farthest_seconds =
      std::numeric_limits<std::int64_t>::max() / 1'000'000'000 - 1;
  std::int64_t sum = farthest_seconds;
  if (seconds <= static_cast<std::uint64_t>(farthest_seconds)) {
    const bool overflows =
        __builtin_add_overflow(static_cast<std::int64_t>(seconds), offset_seconds, &sum);
    sum = overflows ? farthest_seconds : std::clamp(sum, -farthest_seconds, farthest_seconds);
  }
  return timestamp_from_ns(sum * 1'000'000'000 + static_cast<std::int64_t>(nanoseconds));
}

timestamp from_ticks(std::uint64_t ticks, std::uint8_t resolution,
                     std::int64_t offset_seconds) noexcept {
  const unsigned digits = resolution & 0x7fU;
  if ((resolution & 0x80U) == 0) {
    const auto per_second = power_of_ten(digits);
    const auto rest = ticks % per_second;
    return moment(ticks / per_second,
                  digits <= 9 ? rest * power_of_ten(9 - digits) : rest / power_of_ten(digits - 9),
                  offset_seconds);
  }
  auto rest = digits == 0 ? 0 : ticks & (~std::uint64_t{0} >> (64 - digits));
  auto bits = digits;
  if (bits > 32) { // else the product below would not fit
    rest >>= bits - 32;
    bits = 32;
  }
  return moment(ticks >> digits, (rest * 1'000'000'000) >> bits, offset_seconds);
}

bool is_resolution_usable(std::uint8_t resolution) noexcept {
  return (resolution & 0x80U) != 0 ? (resolution & 0x7fU) < 64 : resolution <= 19;
}

} // namespace

bool pcapng_format::is_magic(byte_view start) noexcept {
  return start.size() >= 4 && load_be32(start.first<4>()) == block_section;
}

std::uint16_t pcapng_format::u16(byte_view bytes, std::size_t offset) const noexcept {
  const auto two = bytes.subspan(offset).first<2>();
  return is_big_endian_ ? load_be16(two) : load_le16(two);
}

std::uint32_t pcapng_format::u32(byte_view bytes, std::size_t offset) const noexcept {
  const auto four = bytes.subspan(offset).first<4>();
  return is_big_endian_ ? load_be32(four) : load_le32(four);
}

record_result pcapng_format::read(byte_view bytes) noexcept {
  record_result result;
  const auto need = [&](std::size_t bytes_needed) {
    result.status = record_status::need_more;
    result.needed = bytes_needed;
    return result;
  };
  if (bytes.size() < block_frame_bytes)
    return need(block_frame_bytes);
  if (is_magic(bytes)) {
    const auto magic = bytes.subspan(8).first<4>();
    is_big_endian_ = load_be32(magic) == byte_order_magic;
    if (!is_big_endian_ && load_le32(magic) != byte_order_magic)
      return result;
  } else if (!has_section_) {
    return result;
  }
  const auto type = u32(bytes, 0);
  const std::size_t length = u32(bytes, 4);
  if (length < block_frame_bytes || length % 4 != 0)
    return result;
  if (length > limit_block_bytes) {
    if (carries_packet(type) || type == block_section || type == block_interface)
      return result;
    result.status = record_status::skipped;
    result.consumed = length;
    return result;
  }
  if (bytes.size() < length)
    return need(length);
  if (u32(bytes, length - 4) != length)
    return result;
  const auto block = bytes.first(length);
  const auto body = block.subspan(8, length - block_frame_bytes);
  bool is_well_formed = true;
  switch (type) {
  case block_section: is_well_formed = begin_section(block); break;
  case block_interface: is_well_formed = add_interface(body); break;
  case block_enhanced_packet: is_well_formed = read_enhanced(body, result.record); break;
  case block_simple_packet: is_well_formed = read_simple(body, result.record); break;
  case block_packet_obsolete: is_well_formed = read_obsolete(body, result.record); break;
  default: break;
  }
  if (!is_well_formed)
    return result;
  result.status = carries_packet(type) ? record_status::packet : record_status::skipped;
  result.consumed = length;
  return result;
}

bool pcapng_format::begin_section(byte_view block) noexcept {
  constexpr std::uint16_t major_version = 1;
  if (block.size() < least_section_bytes || u16(block, 12) != major_version)
    return false;
  has_section_ = true;
  interfaces_.clear();
  return true;
}

bool pcapng_format::add_interface(byte_view body) noexcept {
  if (body.size() < 8 || interfaces_.size() == limit_interfaces)
    return false;
  interface added;
  added.link = u16(body, 0);
  added.snap_length_bytes = u32(body, 4);
  auto options = body.subspan(8);
  while (options.size() >= 4) {
    const auto code = u16(options, 0);
    const std::size_t length = u16(options, 2);
    const auto padded = (length + 3) / 4 * 4;
    if (code == option_end)
      break;
    if (padded > options.size() - 4)
      return false;
    read_option(added, code, options.subspan(4, length));
    options = options.subspan(4 + padded);
  }
  if (!is_resolution_usable(added.resolution))
    return false;
  interfaces_.push_back(added);
  return true;
}

void pcapng_format::read_option(interface& target, std::uint16_t code,
                                byte_view value) const noexcept {
  if (code == option_resolution && value.size() == 1)
    target.resolution = std::to_integer<std::uint8_t>(value[0]);
  if (code == option_offset && value.size() == 8)
    target.offset_seconds = static_cast<std::int64_t>(is_big_endian_ ? load_be64(value.first<8>())
                                                                     : load_le64(value.first<8>()));
}

bool pcapng_format::keep(byte_view body, std::size_t header_size, std::uint32_t interface_index,
                         std::uint64_t ticks, capture_record& record) const noexcept {
  // Captured and original length end the header of both blocks that have one.
  const std::size_t captured = u32(body, header_size - 8);
  if (interface_index >= interfaces_.size() || captured > body.size() - header_size ||
      captured > limit_record_bytes)
    return false;
  const auto& from = interfaces_[interface_index];
  record.bytes = body.subspan(header_size, captured);
  record.captured_at = from_ticks(ticks, from.resolution, from.offset_seconds);
  record.wire_length_bytes =
      std::max(u32(body, header_size - 4), static_cast<std::uint32_t>(captured));
  record.interface_index = interface_index;
  record.link = static_cast<link_type>(from.link);
  return true;
}

bool pcapng_format::read_enhanced(byte_view body, capture_record& record) const noexcept {
  constexpr std::size_t header_size = 20;
  if (body.size() < header_size)
    return false;
  const auto ticks = std::uint64_t{u32(body, 4)} << 32 | u32(body, 8);
  return keep(body, header_size, u32(body, 0), ticks, record);
}

bool pcapng_format::read_obsolete(byte_view body, capture_record& record) const noexcept {
  constexpr std::size_t header_size = 20;
  if (body.size() < header_size)
    return false;
  const auto ticks = std::uint64_t{u32(body, 4)} << 32 | u32(body, 8);
  return keep(body, header_size, u16(body, 0), ticks, record);
}

bool pcapng_format::read_simple(byte_view body, capture_record& record) const noexcept {
  if (body.size() < 4 || interfaces_.empty())
    return false;
  const auto& from = interfaces_.front();
  record.wire_length_bytes = u32(body, 0);
  std::size_t captured = record.wire_length_bytes;
  if (from.snap_length_bytes != 0)
    captured = std::min<std::size_t>(captured, from.snap_length_bytes);
  if (captured > body.size() - 4 || captured > limit_record_bytes)
    return false;
  record.bytes = body.subspan(4, captured);
  record.link = static_cast<link_type>(from.link);
  return true;
}

} // namespace cresset::capture::source
