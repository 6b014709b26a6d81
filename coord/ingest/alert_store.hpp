#pragma once

#include "capture/base/expected.hpp"
#include "coord/ingest/sensor_id.hpp"
#include "detect/alert/alert.hpp"
#include "detect/alert/uplink_message.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace cresset::coord::ingest {

/// An alert that passed the verifier. `alert.epoch` and `alert.sequence` are the run's.
struct accepted_alert {
  detect::alert::alert alert;
  std::vector<std::byte> record; ///< its bytes as the sensor made them (detect/alert/wire.hpp)
};

/// A record the verifier refused: it goes to `alert_refused`, so that it never blocks its sensor.
struct refused_alert {
  std::uint64_t sequence = 0;
  std::string reason;
  std::vector<std::byte> record; ///< at most limits::record_bytes of what came
};

/// Sequences the sensor declares it no longer has, both ends included.
struct dropped_range {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  detect::alert::drop_reason why = detect::alert::drop_reason::spool_full;
};

/// What one sensor sent in one piece: every sequence of first…last is in exactly one entry, in
/// rising order.
struct alert_run {
  using entry = std::variant<accepted_alert, refused_alert, dropped_range>;

  sensor_id sensor;
  detect::alert::epoch_id epoch;
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  timestamp received_at{}; ///< the coordinator's clock when the message came in; `alert` is
                           ///< partitioned by it
  std::vector<entry> entries;
};

/// Whether one run was taken, and where the cursor of its sensor and epoch stands behind the
/// transaction.
struct run_outcome {
  bool accepted = false;    ///< false: `first` was not cursor + 1; nothing of the run was stored
  std::uint64_t cursor = 0; ///< last sequence stored; the sensor is told to go on at cursor + 1
};

/// Why a whole transaction did not happen. Nothing of it is stored; the runs may be offered again.
struct store_error {
  enum class code : std::uint8_t {
    unavailable, ///< no connection, time-out, shutdown: the same call may succeed later
    refused,     ///< the store cannot take this batch as it is; text says why
  };
  code why = code::unavailable;
  std::string text; ///< one line for the log
};

/// Where alerts are kept: implemented by coord/store on PostgreSQL. Called from the ingest loop's
/// thread alone.
class alert_store {
public:
  alert_store() = default;
  alert_store(const alert_store&) = delete;
  alert_store& operator=(const alert_store&) = delete;
  virtual ~alert_store() = default;

  /// The last sequence stored of this sensor's epoch; 0 when there is none yet.
  virtual expected<std::uint64_t, store_error> cursor(sensor_id sensor,
                                                      const detect::alert::epoch_id& epoch) = 0;

  /// One transaction for all runs, in their order; returns after the commit (fsync'd) with one
  /// outcome a run. For each run it locks the cursor row of (sensor, epoch), making it with 0 if
  /// there is none; when `first` is not cursor + 1 it takes nothing of the run and answers the
  /// cursor as it stands; else it stores accepted alerts with groups and `group_change`, refused
  /// ones in `alert_refused`, dropped ranges in their table, and advances the cursor to `last`. An
  /// accepted alert that the database will not take (a NUL in a text) goes to `alert_refused` in
  /// the same transaction. Runs of one sensor may follow one another in one call.
  virtual expected<std::vector<run_outcome>, store_error>
  commit(std::span<const alert_run> runs) = 0;
};

} // namespace cresset::coord::ingest
