#pragma once

#include "capture/base/expected.hpp"
#include "capture/base/timestamp.hpp"
#include "coord/incident/store_error.hpp"

#include <chrono>
#include <string>

namespace cresset::coord::store {

class connection_pool;
using incident::store_error;

using day = std::chrono::sys_days;

struct partition_retention {
  std::chrono::days alerts{90};
  std::chrono::days evidence{14};
};

/// Days ahead for which partitions are made.
inline constexpr std::chrono::days partitions_ahead{7};

/// Makes the partitions of `alert` and `alert_evidence` for today to `partitions_ahead` days later;
/// those that are there stay.
expected<void, incident::store_error> make_partitions(connection_pool& pool, day today);
/// Detaches and drops whole days that are older than the retention, behind a copy of what groups
/// keep as samples and what a legal hold keeps; gives how many tables went.
expected<int, incident::store_error> expire_partitions(connection_pool& pool, timestamp now,
                                                       partition_retention keep);

/// "alert_20261121".
std::string partition_name(const std::string& table, day of);

} // namespace cresset::coord::store
