#pragma once

#include <cstddef>
#include <cstdint>

namespace cresset::detect::proto {

/// Which way bytes of a flow go. The client is who opened the flow, as far as the sensor can tell.
enum class direction : std::uint8_t { to_server = 0, to_client = 1 };

constexpr direction opposite(direction d) noexcept {
  return d == direction::to_server ? direction::to_client : direction::to_server;
}
constexpr std::size_t index(direction d) noexcept { return static_cast<std::size_t>(d); }

} // namespace cresset::detect::proto
