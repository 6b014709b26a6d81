#pragma once

#include "capture/base/timestamp.hpp"
#include "coord/store/partitions.hpp"

#include <pqxx/pqxx>

#include <cstdint>
#include <string>
#include <vector>

namespace cresset::coord::store {

/// Alerts of one group whose evidence a hold copies at once; older ones follow when their day goes.
inline constexpr int held_alerts_limit = 10'000;

/// Copies evidence of the samples of these groups, which the caller has locked, out of the
/// partitions; what is kept already stays. Gives how many pieces.
std::int64_t keep_samples(pqxx::work& t, const std::vector<std::int64_t>& groups, timestamp at);
/// The same for the newest `held_alerts_limit` alerts of each of these groups.
std::int64_t keep_all(pqxx::work& t, const std::vector<std::int64_t>& groups, timestamp at);

/// Before the evidence of a day goes: keeps what samples of groups and held groups have in it.
std::int64_t keep_of_evidence_day(pqxx::work& t, const std::string& partition, timestamp at);
/// Before the alerts of a day go: keeps those of held groups.
std::int64_t keep_of_alert_day(pqxx::work& t, const std::string& partition);

} // namespace cresset::coord::store
