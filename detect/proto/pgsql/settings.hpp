#pragma once

#include <cstddef>

namespace cresset::detect::proto::pgsql {

/// Choices for PostgreSQL (`app-layer.protocols.pgsql`), with the defaults of the field.
struct settings {
  std::size_t max_transactions = 1024; ///< `max-tx`
  bool log_passwords = false;
};

} // namespace cresset::detect::proto::pgsql
