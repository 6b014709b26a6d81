#include "capture/source/pcap_format.hpp"

#include <algorithm>

// header   magic 4 | major 2 | minor 2 | reserved 4 | reserved 4 | snap length 4 | FCS 4 bits, link
// type 28 record   seconds 4 | micro- or nanoseconds 4 | captured length 4 | original length 4 |
// packet
//
// The magic number stands in the byte order of the writer: reading it the wrong way round tells the
// order of all others.

namespace cresset::capture::source {
namespace {

constexpr std::size_t record_header_size = 16;
constexpr std::uint32_t magic_microseconds = 0xa1b2c3d4;
constexpr std::uint32_t magic_nanoseconds = 0xa1b23c4d;

} // namespace

bool pcap_format::is_magic(byte_view start) noexcept {
  if (start.size() < 4)
    return false;
  const auto big = load_be32(start.first<4>());
  const auto little = load_le32(start.first<4>());
  return big == magic_microseconds || big == magic_nanoseconds || little == magic_microseconds ||
         little == magic_nanoseconds;
}

std::optional<pcap_format> pcap_format::from(byte_view start) noexcept {
  if (start.size() < header_size || !is_magic(start))
    return std::nullopt;
  pcap_format format;
  const auto big = load_be32(start.first<4>());
  format.is_big_endian_ = big == magic_microseconds || big == magic_nanoseconds;
  format.is_nanosecond_ = format.u32(start, 0) == magic_nanoseconds;
  format.link_ = static_cast<std::uint16_t>(format.u32(start, 20) & 0xffffU);
  return format;
}

std::uint32_t pcap_format::u32(byte_view bytes, std::size_t offset) const noexcept {
  const auto four = bytes.subspan(offset).first<4>();
  return is_big_endian_ ? load_be32(four) : load_le32(four);
}

record_result pcap_format::read(byte_view bytes) const noexcept {
  record_result result;
  if (bytes.size() < record_header_size) {
    result.status = record_status::need_more;
    result.needed = record_header_size;
    return result;
  }
  const std::size_t captured = u32(bytes, 8);
  if (captured > limit_record_bytes)
    return result;
  if (bytes.size() - record_header_size < captured) {
    result.status = record_status::need_more;
    result.needed = record_header_size + captured;
    return result;
  }
  const std::int64_t fraction = u32(bytes, 4);
  result.record.captured_at = timestamp_from_ns(std::int64_t{u32(bytes, 0)} * 1'000'000'000 +
                                                (is_nanosecond_ ? fraction : fraction * 1'000));
  result.record.bytes = bytes.subspan(record_header_size, captured);
  result.record.wire_length_bytes = std::max(u32(bytes, 12), static_cast<std::uint32_t>(captured));
  result.record.link = static_cast<link_type>(link_);
  result.status = record_status::packet;
  result.consumed = record_header_size + captured;
  return result;
}

} // namespace cresset::capture::source
