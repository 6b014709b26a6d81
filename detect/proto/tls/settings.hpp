#pragma once

#include <cstddef>

namespace cresset::detect::proto::tls {

/// Choices for TLS, with the field's defaults (`app-layer.protocols.tls`).
struct settings {
  bool ja3 = true; ///< compute JA3 and JA3S; the event log shows them only when told so
  bool ja4 = true;
  bool log_ja3 = false;
  bool log_ja4 = false;
  /// After the handshake the parser stops (`encryption-handling: track-only`); with `full` it goes
  /// on reading records.
  bool stop_when_encrypted = true;
};

} // namespace cresset::detect::proto::tls
