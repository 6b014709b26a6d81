#pragma once

namespace cresset::detect::proto::dhcp {

/// Choices for DHCP (`extended` of the event log's type dhcp).
struct settings {
  bool extended = false; ///< every message with its options, not only what was leased
};

} // namespace cresset::detect::proto::dhcp
