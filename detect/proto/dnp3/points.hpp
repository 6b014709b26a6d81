#pragma once

#include "capture/base/json_writer.hpp"

#include <cstdint>
#include <string_view>

namespace cresset::detect::proto::dnp3 {

/// How one point of a group and variation is laid out (IEEE 1815 annex A): a letter a field, the
/// letters in points.cpp. Points of less than a byte have no fields but `bits`.
struct point_layout {
  std::uint8_t group = 0;
  std::uint8_t variation = 0;
  std::string_view fields;
  std::uint8_t bits = 0; ///< 1 or 2 for packed points

  /// Bytes of one point; 0 for packed ones.
  std::size_t size() const noexcept;
};

/// The layout of a group and variation; null when it is not known.
const point_layout* find_layout(std::uint8_t group, std::uint8_t variation) noexcept;
/// Writes the members of one point. Precondition: `bytes` holds size() bytes.
void write_point(json_writer& json, const point_layout& layout, byte_view bytes);

} // namespace cresset::detect::proto::dnp3
