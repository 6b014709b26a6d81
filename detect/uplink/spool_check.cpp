#include "detect/uplink/spool_check.hpp"

#include "detect/uplink/lmdb_environment.hpp"
#include "detect/uplink/spool_tables.hpp"

#include <csignal>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace cresset::detect::uplink {
namespace {

constexpr unsigned patience_s = 120;

/// Reads all entries of a table: keys must rise. Records whose checksum fails are no damage of the
/// file: the spool declares them one by one when it meets them.
bool walks_through(lmdb_transaction& in, MDB_dbi table) {
  lmdb_cursor cursor{in, table};
  volatile std::uint8_t touched = 0;
  for (auto entry = cursor.first(); entry; entry = cursor.next()) {
    for (std::size_t i = 0; i < entry->value.size(); i += 512)
      touched = touched ^ std::to_integer<std::uint8_t>(entry->value[i]);
  }
  return in.status() == MDB_SUCCESS;
}

spool_soundness look_at(const std::filesystem::path& file) {
  const auto [environment, status] =
      lmdb_environment::open(file, {.map_bytes = 0, .read_only = true});
  if (!environment)
    return status == MDB_INVALID || status == MDB_VERSION_MISMATCH ? spool_soundness::foreign
                                                                   : spool_soundness::damaged;
  if (!environment->is_whole(file))
    return spool_soundness::damaged;
  lmdb_transaction in{*environment, lmdb_transaction::kind::reading};
  const auto tables = spool_tables::open(in, false);
  if (in.status() == MDB_NOTFOUND || in.status() == MDB_INCOMPATIBLE)
    return spool_soundness::foreign;
  if (in.status() != MDB_SUCCESS)
    return spool_soundness::damaged;
  if (read_format(in, tables) != spool_format::ours)
    return spool_soundness::foreign;
  if (!read_facts(in, tables))
    return spool_soundness::damaged;
  for (const auto table : {tables.meta, tables.record, tables.urgency, tables.dropped})
    if (!walks_through(in, table))
      return spool_soundness::damaged;
  return spool_soundness::sound;
}

/// Whatever kills this process must kill it quietly: no core, no sanitizer's report, no handler of
/// our parent's.
[[noreturn]] void be_the_child(const std::filesystem::path& file) {
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  for (const int number : {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGALRM, SIGTERM, SIGINT})
    std::signal(number, SIG_DFL);
  alarm(patience_s);
  _exit(static_cast<int>(look_at(file)));
}

} // namespace

spool_soundness check_spool(const std::filesystem::path& file) {
  const pid_t child = fork();
  if (child == 0)
    be_the_child(file);
  if (child < 0)
    return look_at(file); // no process to spare: better to look without the safety than to refuse a
                          // sound spool
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) <= static_cast<int>(spool_soundness::damaged))
    return static_cast<spool_soundness>(WEXITSTATUS(status));
  return spool_soundness::damaged;
}

} // namespace cresset::detect::uplink
