#pragma once

#include "capture/base/byte_order.hpp"
#include "detect/proto/message_cutter.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace cresset::detect::proto::ber {

/// Identifier octets (X.690 8.1.2): class, constructed bit and number in one byte. Numbers from 31
/// on take more bytes; no protocol here has them and the reader refuses them.
enum tag : std::uint8_t {
  boolean = 0x01,
  integer = 0x02,
  bit_string = 0x03,
  octet_string = 0x04,
  null = 0x05,
  object_identifier = 0x06,
  enumerated = 0x0a,
  generalized_time = 0x18,
  general_string = 0x1b,
  sequence = 0x30,
  set = 0x31,
};
constexpr std::uint8_t context(unsigned number) noexcept {
  return static_cast<std::uint8_t>(0x80U | number);
}
constexpr std::uint8_t context_constructed(unsigned number) noexcept {
  return static_cast<std::uint8_t>(0xa0U | number);
}
constexpr std::uint8_t application(unsigned number) noexcept {
  return static_cast<std::uint8_t>(0x40U | number);
}
constexpr std::uint8_t application_constructed(unsigned number) noexcept {
  return static_cast<std::uint8_t>(0x60U | number);
}

/// One element; its contents belong to the bytes it was read from.
struct element {
  std::uint8_t tag = 0;
  byte_view content;
};

/// Reads elements one behind the other and never past the end of the bytes, which it does not own.
/// Lengths are definite (X.690 8.1.3); of a damaged element nothing is read and the reader stays
/// before it. Depth is the caller's: one reader is one level, and none of them calls another.
class reader {
public:
  explicit reader(byte_view bytes) noexcept : rest_{bytes} {}

  bool empty() const noexcept { return rest_.empty(); }
  byte_view rest() const noexcept { return rest_; }
  /// The identifier octet of the next element.
  std::optional<std::uint8_t> next_tag() const noexcept;
  /// The next element, whatever it is.
  std::optional<element> next() noexcept;
  /// The contents of the next element if it has this tag; else it stays.
  std::optional<byte_view> take(std::uint8_t tag) noexcept;
  /// The contents of the next element if it has this tag and is a number of at most eight bytes.
  std::optional<std::int64_t> take_number(std::uint8_t tag = integer) noexcept;

private:
  byte_view rest_;
};

/// INTEGER or ENUMERATED contents, two's complement; nothing for none or more than eight bytes.
std::optional<std::int64_t> number_of(byte_view content) noexcept;
/// OBJECT IDENTIFIER contents in dots ("1.3.6.1"); nothing when the last number is open or one has
/// more than 64 bits.
std::optional<std::string> dotted(byte_view content);
/// How long the element is that begins with these bytes; refused when its head cannot be one.
measured size_of(byte_view bytes) noexcept;

} // namespace cresset::detect::proto::ber
