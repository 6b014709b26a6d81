#pragma once

#include <cstddef>

namespace cresset::detect::proto::ldap {

/// Choices for LDAP (`app-layer.protocols.ldap`).
struct settings {
  /// Most requests of one flow that wait for their answer; over it the oldest waits no longer.
  std::size_t max_transactions = 256;
};

} // namespace cresset::detect::proto::ldap
