// The spool is one LMDB file (docs/wire-format.md section 3). Its writer adds a group of alerts,
// drops the least urgent ones over the limit, and renews the facts, all in one transaction: after a
// kill -9 the file is as the last commit left it. Readers see a snapshot and wait for nobody. What
// the facts say is kept in memory too, as of the last commit.
#include "detect/uplink/spool.hpp"

#include "detect/alert/wire.hpp"
#include "detect/uplink/lmdb_environment.hpp"
#include "detect/uplink/spool_check.hpp"
#include "detect/uplink/spool_tables.hpp"

#include <fmt/format.h>

#include <cassert>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <mutex>
#include <sys/file.h>
#include <sys/random.h>
#include <unistd.h>

namespace cresset::detect::uplink {
namespace {

constexpr std::uint64_t least_limit_bytes = std::uint64_t{1} << 20;
constexpr std::size_t forget_at_once =
    5000; // one transaction's worth: LMDB bounds the pages it may touch
constexpr std::size_t append_limit_alerts = 10000;

std::filesystem::path data_file(const std::filesystem::path& folder) {
  return folder / "alerts.mdb";
}

unexpected<spool_error> fault(spool_error::code why, std::string text) {
  return unexpected{spool_error{why, std::move(text)}};
}

/// LMDB's or the system's code in our words.
unexpected<spool_error> fault(const std::filesystem::path& folder, lmdb_status status) {
  const auto where = folder.string();
  switch (status) {
  case ENOSPC:
  case EDQUOT:
  case EFBIG:
  case EIO: // LMDB's answer to a write that came back short, which is what a full disk does
  case MDB_MAP_FULL:
    return fault(spool_error::code::no_space,
                 fmt::format("spool {}: cannot be written ({}), the disk is full or failing; free "
                             "space or lower spool.limit",
                             where, mdb_strerror(status)));
  case EACCES:
  case EPERM:
  case EROFS:
    return fault(
        spool_error::code::bad_folder,
        fmt::format("spool {}: {}; give the sensor's user this folder, or set spool.folder", where,
                    std::strerror(status)));
  case MDB_CORRUPTED:
  case MDB_PAGE_NOTFOUND:
  case MDB_PANIC:
    return fault(
        spool_error::code::damaged,
        fmt::format("spool {}: {}; stop the sensor and move the folder aside, a new one is made",
                    where, mdb_strerror(status)));
  default:
    return fault(spool_error::code::failed,
                 fmt::format("spool {}: {}", where, mdb_strerror(status)));
  }
}

alert::epoch_id random_epoch() {
  alert::epoch_id epoch;
  while (epoch.is_none())
    if (getrandom(epoch.bytes.data(), epoch.bytes.size(), 0) !=
        static_cast<ssize_t>(epoch.bytes.size()))
      epoch = {};
  return epoch;
}

/// Holds `spool.lock` in the folder, so that two sensors never number into one spool.
class folder_lock {
public:
  explicit folder_lock(int fd) noexcept : fd_{fd} {}
  folder_lock(folder_lock&& other) noexcept : fd_{std::exchange(other.fd_, -1)} {}
  folder_lock& operator=(folder_lock&&) = delete;
  ~folder_lock() {
    if (fd_ >= 0)
      ::close(fd_);
  }

  static expected<folder_lock, spool_error> take(const std::filesystem::path& folder) {
    std::error_code error;
    const bool made = std::filesystem::create_directories(folder, error);
    if (error)
      return fault(spool_error::code::bad_folder,
                   fmt::format("spool {}: cannot be made: {}; make it or set spool.folder",
                               folder.string(), error.message()));
    if (made)
      std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
    folder_lock lock{::open((folder / "spool.lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)};
    if (lock.fd_ < 0)
      return fault(folder, errno);
    if (::flock(lock.fd_, LOCK_EX | LOCK_NB) != 0)
      return fault(
          spool_error::code::in_use,
          fmt::format("spool {}: another sensor is using it; stop that one or set spool.folder",
                      folder.string()));
    return lock;
  }

private:
  int fd_;
};

} // namespace

class spool::state {
public:
  state(folder_lock lock, lmdb_environment environment, const spool_options& options)
      : lock_{std::move(lock)}, environment_{std::move(environment)}, options_{options} {}

  lmdb_status start();
  expected<std::uint64_t, spool_error> append(std::span<alert::alert> alerts);
  expected<bool, spool_error> read(alert::batch_writer& batch, read_limits limits);
  expected<void, spool_error> acknowledge(const alert::epoch_id& epoch, std::uint64_t through);
  expected<void, spool_error> begin_epoch();
  spool_position position() const {
    const std::lock_guard guard{facts_mutex_};
    return {facts_.epoch, facts_.first - facts_.base, facts_.next - facts_.base};
  }
  const spool_counters& counters() const noexcept { return counters_; }

private:
  spool_facts facts() const {
    const std::lock_guard guard{facts_mutex_};
    return facts_;
  }
  lmdb_status commit(lmdb_transaction& in, const spool_facts& facts);
  lmdb_status append_once(std::span<alert::alert> alerts);
  lmdb_status shed(std::uint64_t bytes);
  std::uint64_t drop_to(lmdb_transaction& in, spool_facts& facts, std::uint64_t limit_bytes);
  bool add_next(lmdb_transaction& in, const spool_facts& facts, alert::batch_writer& batch,
                std::size_t limit_bytes);
  bool add_stored(byte_view value, const spool_facts& facts, alert::batch_writer& batch,
                  std::size_t limit_bytes);

  folder_lock lock_;
  lmdb_environment environment_;
  spool_options options_;
  spool_tables tables_;
  std::mutex writing_;
  mutable std::mutex facts_mutex_;
  spool_facts facts_; // as of the last commit
  spool_counters counters_;
};

/// Opens the tables, and writes them first if the file is new.
lmdb_status spool::state::start() {
  lmdb_transaction in{environment_, lmdb_transaction::kind::writing};
  tables_ = spool_tables::open(in, true);
  spool_facts facts;
  if (read_format(in, tables_) == spool_format::fresh) {
    facts.epoch = random_epoch();
    write_format(in, tables_);
  } else if (const auto found = read_facts(in, tables_)) {
    facts = *found;
  } else {
    in.fail(MDB_CORRUPTED);
  }
  return commit(in, facts);
}

lmdb_status spool::state::commit(lmdb_transaction& in, const spool_facts& facts) {
  write_facts(in, tables_, facts);
  const auto status = in.commit();
  if (status != MDB_SUCCESS) {
    counters_.failed_writes.add();
    return status;
  }
  const std::lock_guard guard{facts_mutex_};
  facts_ = facts;
  counters_.commits.add();
  counters_.held_records.set(facts.records);
  counters_.held_bytes.set(facts.bytes);
  return status;
}

std::uint64_t spool::state::drop_to(lmdb_transaction& in, spool_facts& facts,
                                    std::uint64_t limit_bytes) {
  std::uint64_t dropped = 0;
  while (facts.bytes > limit_bytes && drop_one(in, tables_, facts))
    ++dropped;
  return dropped;
}

lmdb_status spool::state::append_once(std::span<alert::alert> alerts) {
  auto facts = this->facts();
  lmdb_transaction in{environment_, lmdb_transaction::kind::writing};
  for (auto& alert : alerts) {
    alert.epoch = facts.epoch;
    alert.sequence = facts.next - facts.base;
    add_record(in, tables_, facts, alert.severity.value(), alert::encode(alert));
  }
  const auto dropped = drop_to(in, facts, options_.limit_bytes);
  const auto status = commit(in, facts);
  if (status == MDB_SUCCESS) {
    counters_.appended.add(alerts.size());
    counters_.dropped.add(dropped);
  }
  return status;
}

/// Makes room when the file itself is full, which happens when its pages are badly filled.
lmdb_status spool::state::shed(std::uint64_t bytes) {
  auto facts = this->facts();
  lmdb_transaction in{environment_, lmdb_transaction::kind::writing};
  const auto dropped = drop_to(in, facts, facts.bytes - std::min(facts.bytes, bytes));
  const auto status = commit(in, facts);
  if (status == MDB_SUCCESS)
    counters_.dropped.add(dropped);
  return status;
}

expected<std::uint64_t, spool_error> spool::state::append(std::span<alert::alert> alerts) {
  assert(alerts.size() <= append_limit_alerts);
  const std::lock_guard writing{writing_};
  if (!alerts.empty()) {
    auto status = append_once(alerts);
    if (status == MDB_MAP_FULL && shed(options_.limit_bytes / 8) == MDB_SUCCESS)
      status = append_once(alerts);
    if (status != MDB_SUCCESS)
      return fault(options_.folder, status);
  }
  const auto now = facts();
  return now.next - now.base - 1;
}

expected<void, spool_error> spool::state::acknowledge(const alert::epoch_id& epoch,
                                                      std::uint64_t through) {
  const std::lock_guard writing{writing_};
  for (bool all = false; !all;) {
    auto facts = this->facts();
    if (epoch != facts.epoch || through + facts.base < facts.first)
      return {};
    const auto before = facts.records;
    lmdb_transaction in{environment_, lmdb_transaction::kind::writing};
    all = forget(in, tables_, facts, through + facts.base, forget_at_once);
    if (const auto status = commit(in, facts); status != MDB_SUCCESS)
      return fault(options_.folder, status);
    counters_.acknowledged.add(before - facts.records);
  }
  return {};
}

expected<void, spool_error> spool::state::begin_epoch() {
  const std::lock_guard writing{writing_};
  auto facts = this->facts();
  facts.epoch = random_epoch();
  facts.base = facts.first - 1;
  lmdb_transaction in{environment_, lmdb_transaction::kind::writing};
  if (const auto status = commit(in, facts); status != MDB_SUCCESS)
    return fault(options_.folder, status);
  return {};
}

expected<bool, spool_error> spool::state::read(alert::batch_writer& batch, read_limits limits) {
  lmdb_transaction in{environment_, lmdb_transaction::kind::reading};
  const auto facts = read_facts(in, tables_);
  bool any = false;
  if (facts)
    while (batch.entries() < std::min(limits.entries, alert::uplink_batch_limit_entries) &&
           batch.next() + facts->base >= facts->first && batch.next() + facts->base < facts->next &&
           add_next(in, *facts, batch, limits.bytes))
      any = true;
  if (in.status() != MDB_SUCCESS)
    return fault(options_.folder, in.status());
  if (!facts)
    return fault(options_.folder, MDB_CORRUPTED);
  return any;
}

/// Adds the record or the range at batch.next(); false when the batch has no room for it.
bool spool::state::add_next(lmdb_transaction& in, const spool_facts& facts,
                            alert::batch_writer& batch, std::size_t limit_bytes) {
  const auto position = batch.next() + facts.base;
  if (const auto value = in.get(tables_.record, to_key(position)))
    return add_stored(*value, facts, batch, limit_bytes);
  if (in.status() != MDB_SUCCESS)
    return false;
  if (const auto range = range_around(in, tables_, position)) {
    batch.add_dropped(alert::drop_reason::spool_full,
                      std::min(range->last, facts.next - 1) - facts.base);
    return true;
  }
  // neither a record nor declared: the file has lost it
  counters_.damaged.add();
  batch.add_dropped(alert::drop_reason::spool_damaged, batch.next());
  return in.status() == MDB_SUCCESS;
}

bool spool::state::add_stored(byte_view value, const spool_facts& facts, alert::batch_writer& batch,
                              std::size_t limit_bytes) {
  const auto stored = read_stored(value);
  if (stored && batch.entries() > 0 && batch.size_bytes() + stored->record.size() > limit_bytes)
    return false;
  if (stored && stored->is_sound) {
    std::vector<std::uint64_t> aligned((stored->record.size() + 7) / 8);
    const std::span record{reinterpret_cast<std::byte*>(aligned.data()), stored->record.size()};
    std::copy(stored->record.begin(), stored->record.end(), record.begin());
    if (alert::renumber(record, facts.epoch, batch.next())) {
      batch.add_record(record);
      return true;
    }
  }
  counters_.damaged.add();
  batch.add_dropped(alert::drop_reason::spool_damaged, batch.next());
  return true;
}

spool::spool(std::unique_ptr<state> made) : state_{std::move(made)} {}
spool::spool(spool&&) noexcept = default;
spool& spool::operator=(spool&&) noexcept = default;
spool::~spool() = default;

expected<spool, spool_error> spool::open(const spool_options& given) {
  auto options = given;
  options.limit_bytes = std::max(options.limit_bytes, least_limit_bytes);
  const auto where = options.folder.string();
  auto lock = folder_lock::take(options.folder);
  if (!lock)
    return unexpected{lock.error()};
  const auto file = data_file(options.folder);
  std::error_code error;
  if (std::filesystem::exists(file, error) && std::filesystem::file_size(file, error) > 0) {
    const auto found = check_spool(file);
    if (found == spool_soundness::foreign)
      return fault(spool_error::code::foreign,
                   fmt::format("spool {}: alerts.mdb is not a spool of this version; move it aside "
                               "or set spool.folder",
                               where));
    if (found == spool_soundness::damaged)
      return fault(spool_error::code::damaged,
                   fmt::format("spool {}: alerts.mdb is damaged; move it aside, a new spool is "
                               "made and alerts in it are lost",
                               where));
  }
  // three times the limit: badly filled pages, and the copies that a transaction makes of those it
  // changes
  auto [environment, status] = lmdb_environment::open(
      file, {.map_bytes = options.limit_bytes * 3 + (std::uint64_t{32} << 20)});
  if (!environment)
    return fault(options.folder, status);
  int dead = 0;
  mdb_reader_check(environment->handle(),
                   &dead); // slots of a process that was killed would pin old pages
  auto made = std::make_unique<state>(*std::move(lock), *std::move(environment), options);
  if (const auto started = made->start(); started != MDB_SUCCESS)
    return fault(options.folder, started);
  return spool{std::move(made)};
}

expected<std::uint64_t, spool_error> spool::append(std::span<alert::alert> alerts) {
  return state_->append(alerts);
}
expected<bool, spool_error> spool::read(alert::batch_writer& batch, read_limits limits) const {
  return state_->read(batch, limits);
}
expected<void, spool_error> spool::acknowledge(const alert::epoch_id& epoch,
                                               std::uint64_t through) {
  return state_->acknowledge(epoch, through);
}
expected<void, spool_error> spool::begin_epoch() {
  return state_->begin_epoch();
}
spool_position spool::position() const {
  return state_->position();
}
const spool_counters& spool::counters() const noexcept {
  return state_->counters();
}

} // namespace cresset::detect::uplink
