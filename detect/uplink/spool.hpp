#pragma once

#include "capture/base/counter.hpp"
#include "capture/base/expected.hpp"
#include "detect/alert/alert.hpp"
#include "detect/alert/uplink_message.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

namespace cresset::detect::uplink {

struct spool_options {
  std::filesystem::path folder;                       ///< made if it is not there, mode 0700
  std::uint64_t limit_bytes = std::uint64_t{1} << 30; ///< of records held; at least 1 MiB
};

/// A spool that cannot be used, or a write that did not happen. `text` is one line naming the thing
/// and the remedy.
struct spool_error {
  enum class code : std::uint8_t {
    bad_folder, ///< cannot be made, entered or written
    in_use,     ///< another process holds it
    foreign,    ///< a database, but no spool, or of a version we do not read
    damaged,    ///< its pages do not hold together
    no_space,   ///< the disk or a quota is full; nothing was stored
    failed,     ///< any other failure of the system
  };
  code why = code::failed;
  std::string text;
};

/// What the spool holds: sequences first…next-1 of `epoch`, each a record or declared dropped.
/// `next` is the one that the next alert will get; first = next when nothing is left.
struct spool_position {
  alert::epoch_id epoch;
  std::uint64_t first = 1;
  std::uint64_t next = 1;
};

/// How much one read may take; at least one entry is read whatever its size.
struct read_limits {
  std::size_t entries = alert::uplink_batch_limit_entries;
  std::size_t bytes = std::size_t{1} << 20;
};

struct spool_counters {
  counter appended;      ///< alerts whose commit returned, dropped ones included
  counter dropped;       ///< of those, dropped because the spool was full
  counter damaged;       ///< records that could not be read back
  counter acknowledged;  ///< records a server has confirmed
  counter commits;       ///< transactions made durable
  counter failed_writes; ///< transactions that did not happen (disk full)
  counter held_records;  ///< now inside
  counter held_bytes;    ///< now inside
};

/// The bounded store of alerts between the packet threads and the server: an LMDB file that
/// survives kill -9 (what an append returned for is on the disk) and never grows over its limit:
/// when full, the oldest of the least urgent alerts go first and their sequences are kept as
/// declared ranges. All members may be called from any thread; writers wait for one another.
class spool {
public:
  /// Opens or makes the spool. A folder in use, a file that is no spool and a damaged one are told
  /// apart.
  static expected<spool, spool_error> open(const spool_options& options);
  spool(spool&&) noexcept;
  spool& operator=(spool&&) noexcept;
  ~spool();

  /// Numbers the alerts (epoch and sequence are written into them), in their order, and stores
  /// them; returns the sequence of the last one, behind fsync. On an error nothing of it is stored
  /// and the same alerts may be offered again. At most 10,000 a call.
  expected<std::uint64_t, spool_error> append(std::span<alert::alert> alerts);

  /// Puts what follows `batch.next()` into the batch, in order, until a limit is met. False when
  /// nothing was added (all read, or `batch.next()` is below the first sequence held). A record
  /// that cannot be read is declared damaged.
  expected<bool, spool_error> read(alert::batch_writer& batch, read_limits limits) const;

  /// A server of this epoch has stored everything up to and including `through`: it is forgotten.
  expected<void, spool_error> acknowledge(const alert::epoch_id& epoch, std::uint64_t through);

  /// Starts a new numbering: what is held gets the sequences from 1 on.
  expected<void, spool_error> begin_epoch();

  spool_position position() const;
  const spool_counters& counters() const noexcept;

private:
  class state;
  explicit spool(std::unique_ptr<state> made);
  std::unique_ptr<state> state_;
};

} // namespace cresset::detect::uplink
