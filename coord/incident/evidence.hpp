#pragma once

#include "capture/base/timestamp.hpp"
#include "coord/incident/number_id.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <vector>

namespace cresset::coord::incident {

/// Bytes that show what happened: a packet or a payload excerpt. It is copied out of the expiring
/// partition when a group, an incident or a legal hold needs it, and is then kept with them.
struct evidence {
  alert_position alert;
  /// "packet" (with link type) or "payload".
  std::string kind;
  std::int32_t link_type = 0;
  std::vector<std::byte> bytes;
  /// SHA-256 of the bytes, made when they were copied out.
  std::array<std::byte, 32> hash{};
  timestamp captured;
};

} // namespace cresset::coord::incident
