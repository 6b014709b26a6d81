#pragma once

#include "coord/incident/repository.hpp"
#include "coord/retention/retention_policy.hpp"

namespace cresset::coord::store {
class connection_pool;
}

namespace cresset::coord::store::retention {

/// Rows one transaction takes away, so that nobody waits for it.
inline constexpr int expiry_piece = 5000;
/// Pieces one pass does for a class; the next hour goes on.
inline constexpr int expiry_pieces_limit = 200;

/// Takes away what is older than the policy says, what shows people most first, except what a legal
/// hold keeps. Alerts and evidence in partitions go by `expire_partitions`; here go refused
/// records, kept evidence (its bytes), bodies of the journal and ended groups. Once an hour.
incident::result<void> apply_retention(connection_pool& pool,
                                       const coord::retention::retention_policy& policy,
                                       timestamp now);
/// Notes a pass over a class for the record; the journal hears of it when something went.
incident::result<void> note_run(connection_pool& pool, coord::retention::data_class what,
                                std::int64_t removed, timestamp now);

} // namespace cresset::coord::store::retention
