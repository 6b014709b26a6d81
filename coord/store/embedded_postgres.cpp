// A cluster in a folder, in the order of the constructor: take the lock, make the cluster if there
// is none (in a folder beside, renamed when complete, so that a killed initdb leaves nothing that
// looks like a cluster), wait for a former owner's postmaster to go (a server that was killed
// leaves it in the middle of its own shutdown), start, wait until it answers.
//
// After kill -9 of the postmaster itself its pid file stays; PostgreSQL finds out by itself that
// nobody is behind it, but refuses to start as long as one of the old backends still holds the
// shared memory. They notice within a second, so we try again.
#include "coord/store/embedded_postgres.hpp"

#include <fmt/format.h>
#include <pqxx/pqxx>

#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <grp.h>
#include <pwd.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace cresset::coord::store {
namespace fs = std::filesystem;
namespace {

using clock = std::chrono::steady_clock;
constexpr std::chrono::seconds start_limit{60};
constexpr std::chrono::seconds stop_limit{60};
constexpr std::chrono::seconds patience_with_former{5};
constexpr std::chrono::milliseconds poll_every{20};
constexpr int launch_attempts = 5;
// sun_path has 108 bytes with its end; PostgreSQL adds "/.s.PGSQL.5432".
constexpr std::size_t socket_folder_limit_bytes = 107 - 14;

[[noreturn]] void fail(std::string text) {
  throw embedded_postgres_error{std::move(text)};
}

void give_to(const fs::path& path, uid_t user, gid_t group) {
  if (::chown(path.c_str(), user, group) != 0)
    fail(fmt::format("cannot give {} to the database's user: {}", path.string(),
                     std::strerror(errno)));
}

/// The process that a postmaster.pid names, when it is alive and its folder is this one.
pid_t postmaster_of(const fs::path& data) {
  std::ifstream file{data / "postmaster.pid"};
  long pid = 0;
  if (!(file >> pid) || pid <= 1)
    return -1;
  std::error_code error;
  const auto cwd = fs::read_symlink(fmt::format("/proc/{}/cwd", pid), error);
  if (error)
    return -1;
  return fs::equivalent(cwd, data, error) ? static_cast<pid_t>(pid) : -1;
}

} // namespace

embedded_postgres::embedded_postgres(options how) : how_{std::move(how)} {
  try {
    how_.folder = fs::absolute(how_.folder);
    take_folder();
    make_cluster();
    start();
  } catch (...) {
    stop();
    if (lock_ >= 0)
      ::close(lock_);
    throw;
  }
}

embedded_postgres::~embedded_postgres() {
  stop();
  if (lock_ >= 0)
    ::close(lock_);
}

std::string embedded_postgres::url_in(const fs::path& folder) {
  return fmt::format("host={} port=5432 user=cresset dbname=postgres",
                     (fs::absolute(folder) / "run").string());
}

fs::path embedded_postgres::socket_in(const fs::path& folder) {
  return folder / "run/.s.PGSQL.5432";
}

void embedded_postgres::take_folder() {
  if (!fs::exists(how_.binaries / "postgres"))
    fail(fmt::format(
        "PostgreSQL 15 is not in {}: install postgresql-15, or name a database with --database",
        how_.binaries.string()));
  if ((how_.folder / "run").string().size() > socket_folder_limit_bytes)
    fail(fmt::format(
        "{} is too long a path for a unix socket: choose a state folder of at most {} characters",
        how_.folder.string(), socket_folder_limit_bytes - 4));
  if (::geteuid() == 0) {
    const passwd* entry = ::getpwnam(how_.user.c_str());
    if (entry == nullptr || entry->pw_uid == 0)
      fail(fmt::format("the database cannot run as '{}': name an ordinary user with --user",
                       how_.user));
    account_ = {entry->pw_uid, entry->pw_gid, true};
  }
  std::error_code error;
  for (const auto& folder : {how_.folder, how_.folder / "run"}) {
    fs::create_directories(folder, error);
    if (error)
      fail(fmt::format("cannot make the folder {}: {}", folder.string(), error.message()));
    fs::permissions(folder, fs::perms::owner_all, error);
    if (account_.drop)
      give_to(folder, account_.user, account_.group);
  }
  lock_ = ::open((how_.folder / "lock").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  if (lock_ < 0)
    fail(fmt::format("cannot write in {}: {}", how_.folder.string(), std::strerror(errno)));
  if (::flock(lock_, LOCK_EX | LOCK_NB) != 0)
    fail(fmt::format("another server runs on {}: stop it, or choose another state folder",
                     how_.folder.string()));
}

void embedded_postgres::make_cluster() {
  const auto data = how_.folder / "data";
  if (fs::exists(data / "PG_VERSION"))
    return;
  const auto fresh = how_.folder / "data.new";
  std::error_code error;
  fs::remove_all(fresh, error);
  std::vector<std::string> command{(how_.binaries / "initdb").string(),
                                   "-D",
                                   fresh.string(),
                                   "-U",
                                   "cresset",
                                   "-A",
                                   "trust",
                                   "--no-locale",
                                   "-E",
                                   "UTF8",
                                   "--no-instructions"};
  if (!how_.durable)
    command.emplace_back("--no-sync");
  if (run(command) != 0)
    fail(fmt::format("initdb failed in {}: {}", how_.folder.string(), log_tail()));
  fs::rename(fresh, data);
}

void embedded_postgres::await_former_owner() const {
  const auto data = how_.folder / "data";
  const pid_t former = postmaster_of(data);
  if (former < 0)
    return;
  // We hold the folder's lock, so whoever started it is gone; it may not have heard of that.
  ::kill(former, SIGINT);
  const auto end = clock::now() + stop_limit;
  // In the middle of a recovery it may not heed that; then it is stopped as a crash would do it,
  // and the next start recovers from the log.
  auto next_word = clock::now() + patience_with_former;
  while (postmaster_of(data) == former) {
    if (clock::now() > next_word) {
      ::kill(former, SIGQUIT);
      next_word = clock::now() + patience_with_former;
    }
    if (clock::now() > end)
      fail(fmt::format("process {} still runs the database in {}: end it and start again", former,
                       data.string()));
    std::this_thread::sleep_for(poll_every);
  }
}

void embedded_postgres::start() {
  await_former_owner();
  for (int attempt = 1;; ++attempt) {
    launch();
    try {
      return await_answer();
    } catch (const embedded_postgres_error&) {
      stop();
      if (attempt == launch_attempts || log_tail().find("shared memory") == std::string::npos)
        throw;
      std::this_thread::sleep_for(std::chrono::seconds{1});
    }
  }
}

bool embedded_postgres::is_running() noexcept {
  if (child_ >= 0 && ::waitpid(child_, nullptr, WNOHANG) != 0)
    child_ = -1;
  return child_ >= 0;
}

void embedded_postgres::launch() {
  const auto set = [](std::string_view name, const auto& value) {
    return fmt::format("--{}={}", name, value);
  };
  const char* const durable = how_.durable ? "on" : "off";
  child_ = spawn({(how_.binaries / "postgres").string(),
                  "-D",
                  (how_.folder / "data").string(),
                  set("listen_addresses", ""),
                  set("unix_socket_directories", (how_.folder / "run").string()),
                  set("unix_socket_permissions", "0700"),
                  set("fsync", durable),
                  set("full_page_writes", durable),
                  set("synchronous_commit", "on"),
                  set("shared_buffers", fmt::format("{}MB", how_.shared_buffers_mib)),
                  set("max_connections", 64),
                  set("max_wal_size", "8GB"),
                  set("min_wal_size", "1GB"), // files that are there need not be made and zeroed
                  set("wal_buffers", "16MB"),
                  set("checkpoint_completion_target", "0.9"),
                  set("wal_level", "minimal"),
                  set("max_wal_senders", 0),
                  set("checkpoint_timeout", "15min"),
                  set("wal_compression", "lz4"),
                  set("default_toast_compression", "lz4"),
                  set("log_line_prefix", "%m "),
                  set("timezone", "UTC"),
                  set("log_timezone", "UTC"),
                  set("jit", "off")},
                 true);
}

void embedded_postgres::await_answer() {
  const auto end = clock::now() + start_limit;
  for (;;) {
    int status = 0;
    if (::waitpid(child_, &status, WNOHANG) == child_) {
      child_ = -1;
      fail(fmt::format("the database in {} did not start: {}", how_.folder.string(), log_tail()));
    }
    try {
      const pqxx::connection asked{url()};
      return;
    } catch (const std::exception& e) {
      if (clock::now() > end || (how_.given_up && how_.given_up()))
        fail(fmt::format("the database in {} does not answer after {} s: {}", how_.folder.string(),
                         start_limit.count(), log_tail()));
    }
    std::this_thread::sleep_for(poll_every);
  }
}

void embedded_postgres::stop() noexcept {
  if (child_ < 0)
    return;
  ::kill(child_, SIGINT); // fast shutdown: sessions are ended, a checkpoint is written
  const auto end = clock::now() + stop_limit;
  while (::waitpid(child_, nullptr, WNOHANG) == 0) {
    if (clock::now() > end)
      ::kill(child_, SIGQUIT); // immediate; the next start recovers from the log
    std::this_thread::sleep_for(poll_every);
  }
  child_ = -1;
}

int embedded_postgres::run(const std::vector<std::string>& command) const {
  int status = 0;
  const pid_t pid = spawn(command, false);
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

pid_t embedded_postgres::spawn(const std::vector<std::string>& command, bool dies_with_us) const {
  std::vector<char*> arguments;
  for (const auto& word : command)
    arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const auto log_path = (how_.folder / "postgres.log").string();
  const auto folder = how_.folder.string();
  const pid_t parent = ::getpid();
  // A server that gave up its privileges since the first start is that user already.
  const bool changes_user = account_.drop && ::geteuid() == 0;
  const pid_t pid = ::fork();
  if (pid < 0)
    fail(fmt::format("cannot start {}: {}", command.front(), std::strerror(errno)));
  if (pid > 0)
    return pid;
  // The child: only calls that are safe behind fork in a process with threads.
  ::setpgid(0, 0);
  if (changes_user && (::setgroups(0, nullptr) != 0 || ::setgid(account_.group) != 0 ||
                       ::setuid(account_.user) != 0))
    ::_exit(126);
  // After the change of user, which clears it.
  if (dies_with_us) {
    ::prctl(PR_SET_PDEATHSIG, SIGINT);
    if (::getppid() != parent)
      ::_exit(125);
  }
  const int log = ::open(log_path.c_str(), O_CREAT | O_WRONLY | O_APPEND, 0600);
  const int null = ::open("/dev/null", O_RDONLY);
  if (log < 0 || null < 0 || ::chdir(folder.c_str()) != 0)
    ::_exit(124);
  ::dup2(null, 0);
  ::dup2(log, 1);
  ::dup2(log, 2);
  ::signal(SIGPIPE, SIG_DFL);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::execv(arguments[0], arguments.data());
  ::_exit(127);
}

std::string embedded_postgres::log_tail() const {
  std::ifstream log{how_.folder / "postgres.log"};
  std::string last;
  for (std::string line; std::getline(log, line);)
    if (line.find("FATAL") != std::string::npos || line.find("rror") != std::string::npos ||
        line.find("shared memory") != std::string::npos)
      last = line;
  return last.empty() ? "see " + (how_.folder / "postgres.log").string() : last;
}

} // namespace cresset::coord::store
