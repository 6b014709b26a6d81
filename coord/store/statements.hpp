#pragma once

#include <pqxx/pqxx>

namespace cresset::coord::store {

/// Makes the statements of the ingest path known to a new connection; they are prepared at their
/// first use.
void prepare_statements(pqxx::connection_base& connection);

} // namespace cresset::coord::store
