#pragma once

#include "capture/base/expected.hpp"
#include "detect/uplink/spool.hpp"

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <string>

namespace cresset::detect::uplink {

/// What kills have cost a sensor so far, over all its runs with this spool.
struct kill_losses {
  std::uint64_t kills = 0;     ///< runs that ended without `finish`
  std::uint64_t lost = 0;      ///< alerts raised and not yet spooled when a run was killed
  std::uint64_t last_lost = 0; ///< of those, by the last kill
  std::uint64_t most_lost = 0; ///< by the worst one
};

/// The outbox's counters in a mapped file beside the spool, `outbox.ledger`: the kernel keeps the
/// page when the process is killed, so that the next run knows how many alerts were raised and had
/// no spool commit yet. One page, made whole before it is mapped (a full disk cannot fault in it);
/// native byte order, it never leaves the machine:
///
///   0 "crsledg1"   8 state (1 open, 0 finished)   16 raised  24 spooled  32 refused
///   40 epoch (16)  56 the spool's `next` at the start   64 kills  72 lost  80 last_lost  88
///   most_lost
///
/// It survives kill -9 and exit, not a power cut: behind one, `lost` may be too small by what
/// the last moments raised.
class outbox_ledger {
public:
  static constexpr const char* file_name = "outbox.ledger";
  static constexpr std::size_t file_bytes = 4096;

  /// Settles what the run before left (spooled is what the spool itself says, as its commit may
  /// have returned a moment before the count), then begins a new one with all counts 0. A file that
  /// is no ledger is made anew. Gives one line for what the system refuses.
  static expected<outbox_ledger, std::string> open(const std::filesystem::path& folder,
                                                   const spool_position& spooled);
  /// In memory alone, for an outbox without a folder.
  static outbox_ledger in_memory();
  outbox_ledger(outbox_ledger&& other) noexcept;
  outbox_ledger& operator=(outbox_ledger&&) = delete;
  ~outbox_ledger();

  using count = std::atomic<std::uint64_t>;
  static_assert(count::is_always_lock_free && sizeof(count) == 8);
  count& raised() noexcept;
  count& spooled() noexcept;
  count& refused() noexcept;

  /// The run ended in order: what waits no longer counts as lost.
  void finish() noexcept;
  /// As of the start of this run.
  kill_losses losses() const noexcept;

private:
  struct page;
  explicit outbox_ledger(page* mapped) noexcept : page_{mapped} {}
  void settle(const spool_position& spooled) noexcept;
  page* page_;
};

} // namespace cresset::detect::uplink
