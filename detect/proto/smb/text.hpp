#pragma once

#include "capture/base/byte_order.hpp"

#include <array>
#include <cstdint>
#include <string>

namespace cresset::detect::proto::smb {

inline constexpr std::size_t limit_name_bytes =
    4096; ///< of a name on the wire; the rest is left out

/// UTF-16, little-endian, as UTF-8, without the zeros at its end. Halves of characters become "?".
std::string from_utf16(byte_view bytes);
/// The text up to its terminating zero, of one or two bytes; where there is none, to its end.
/// `size` is what it took with its terminator.
struct terminated {
  std::string text;
  std::size_t size = 0;
};
terminated read_terminated(byte_view bytes, bool unicode);

using guid = std::array<std::byte, 16>;
/// The form the field logs: all of the first four groups are numbers of little-endian order.
std::string to_text(const guid& id);

/// Seconds since 1970 of a FILETIME (100 ns since 1601); 0 for 0 and for what lies before 1970.
std::uint64_t unix_seconds(std::uint64_t filetime) noexcept;

} // namespace cresset::detect::proto::smb
