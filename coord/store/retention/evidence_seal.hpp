#pragma once

#include "coord/incident/repository.hpp"

namespace cresset::coord::store {
class connection_pool;
}

namespace cresset::coord::store::retention {

/// Seals evidence that was kept since the last seal: one root over the hashes of up to
/// `seal_items_limit` pieces, named in the journal, whose checkpoints go to others. Once a minute.
/// Gives how many pieces it sealed; ask again while that is the limit.
incident::result<std::int64_t> seal_evidence(connection_pool& pool, timestamp at);

} // namespace cresset::coord::store::retention
