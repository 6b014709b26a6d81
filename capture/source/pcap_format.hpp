#pragma once

#include "capture/base/byte_order.hpp"
#include "capture/base/link_type.hpp"
#include "capture/base/timestamp.hpp"

#include <optional>

namespace cresset::capture::source {

/// A packet of more bytes than this is taken for damage of the file; libpcap's own limit is half of
/// it.
inline constexpr std::size_t limit_record_bytes = 512 * 1024;

/// What a reader of capture files says about the bytes at hand.
enum class record_status {
  packet,    ///< `record` holds a packet; `consumed` bytes belong to it
  skipped,   ///< `consumed` bytes carried no packet
  need_more, ///< whole only with at least `needed` bytes
  malformed, ///< the file contradicts itself here; nothing behind it can be found
};

struct capture_record {
  byte_view bytes;
  timestamp captured_at;
  std::uint32_t wire_length_bytes = 0;
  std::uint32_t interface_index = 0;
  link_type link = link_type::ethernet;
};

struct record_result {
  record_status status = record_status::malformed;
  std::size_t consumed = 0;
  std::size_t needed = 0;
  capture_record record;
};

/// A classic capture file (draft-ietf-opsawg-pcap): a header of 24 bytes that tells byte order,
/// resolution and link type, then records of a 16-byte header and the packet. Pure: it sees bytes,
/// the file is somebody else's.
class pcap_format {
public:
  static constexpr std::size_t header_size = 24;

  /// Nothing when the bytes do not begin with one of the four magic numbers of this format, or are
  /// fewer than its header.
  static std::optional<pcap_format> from(byte_view start) noexcept;
  /// Whether the bytes begin as a file of this format does.
  static bool is_magic(byte_view start) noexcept;

  /// The number the file gives for its link type; whether there is a reader for it is another
  /// question.
  std::uint16_t link() const noexcept { return link_; }
  bool is_nanosecond() const noexcept { return is_nanosecond_; }
  /// The record at the start of `bytes`; its packet points into them.
  record_result read(byte_view bytes) const noexcept;

private:
  std::uint32_t u32(byte_view bytes, std::size_t offset) const noexcept;

  bool is_big_endian_ = false;
  bool is_nanosecond_ = false;
  std::uint16_t link_ = 0;
};

} // namespace cresset::capture::source
