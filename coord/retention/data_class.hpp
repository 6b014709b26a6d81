#pragma once

#include "coord/incident/words.hpp"

#include <array>
#include <cstdint>

namespace cresset::coord::retention {

/// What is kept for a time of its own. In this order they are taken away: what shows people most
/// comes first.
enum class data_class : std::uint8_t {
  evidence = 0,       ///< packets and payloads in their partitions
  refused = 1,        ///< records that could not be taken, with their bytes
  kept_evidence = 2,  ///< copies made for groups, incidents and holds; their hashes stay
  journal_bodies = 3, ///< names and words of people in the journal; tombstones stay
  alerts = 4,
  groups = 5, ///< generations that ended, with their decisions
};
inline constexpr std::array all_data_classes{data_class::evidence,      data_class::refused,
                                             data_class::kept_evidence, data_class::journal_bodies,
                                             data_class::alerts,        data_class::groups};

inline constexpr incident::words<data_class, 6> data_class_words{
    {"evidence", "refused", "kept_evidence", "journal_bodies", "alerts", "groups"}};

} // namespace cresset::coord::retention
