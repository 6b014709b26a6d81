#pragma once

namespace cresset::detect::proto::ssh {

/// Choices for SSH (`app-layer.protocols.ssh`).
struct settings {
  bool log_hassh = false; ///< the event log shows the fingerprints; rules always can
};

} // namespace cresset::detect::proto::ssh
