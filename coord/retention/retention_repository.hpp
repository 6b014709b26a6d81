#pragma once

#include "coord/incident/repository.hpp"
#include "coord/retention/data_class.hpp"
#include "coord/retention/legal_hold.hpp"
#include "coord/signed/digest.hpp"

#include <vector>

namespace cresset::coord::retention {

/// What retention did last for a class.
struct retention_run {
  data_class what = data_class::evidence;
  timestamp at;
  std::int64_t removed = 0; ///< this time
  std::int64_t total = 0;   ///< since ever
};

/// The custody record of one piece of kept evidence.
struct custody_record {
  incident::alert_position alert;
  std::string kind;
  std::int64_t size_bytes = 0; ///< 0 when erased
  signed_::digest hash;
  timestamp kept;
  std::optional<timestamp> erased;
  bool is_intact = false; ///< the bytes still have this hash; true as well for what was erased
  struct seal {
    signed_::digest root;
    timestamp at;
    std::int64_t journal = 0; ///< the journal's entry that names the root
    bool holds = false;       ///< the pieces it covers still give this root
  };
  std::optional<seal> sealed; ///< nothing in the first minute
};

/// What an erasure left behind.
struct erasure {
  std::int64_t journal = 0; ///< the entry that says what was erased and why
  std::int64_t pieces = 0;
};

/// Holds, retention and erasure. Any thread; all calls wait for the database.
class retention_repository {
public:
  virtual ~retention_repository() = default;

  /// Newest first, before `before` (all when 0).
  virtual incident::result<std::vector<legal_hold>> holds(bool standing_only, hold_id before,
                                                          int limit) = 0;
  /// Places it and copies the evidence it concerns, with its journal entry. `refused` with the
  /// reason, `not_found` when there is no such incident or group.
  virtual incident::result<legal_hold> place(const hold_request& wanted, timestamp at) = 0;
  virtual incident::result<legal_hold> lift(hold_id id, const std::string& reason,
                                            incident::user_id by, timestamp at) = 0;

  virtual incident::result<std::vector<retention_run>> runs() = 0;
  virtual incident::result<std::vector<custody_record>> custody(incident::alert_position alert) = 0;

  /// `by`: a login, or "command line". Erases one journal entry's body and salt; the entry that
  /// says so keeps the chain whole. `refused` for an entry of an incident or group that is held.
  virtual incident::result<erasure> erase_journal_body(std::int64_t sequence,
                                                       const std::string& reason,
                                                       const std::string& by, timestamp at) = 0;
  /// Erases packet and payload of one alert, in its partition and as kept; their hashes stay.
  virtual incident::result<erasure> erase_evidence(incident::alert_position alert,
                                                   const std::string& reason, const std::string& by,
                                                   timestamp at) = 0;
};

} // namespace cresset::coord::retention
