#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace cresset::coord::store {

/// Why the private cluster could not be started; one line with the remedy. A failure of start-up
/// (STYLE 5.13).
class embedded_postgres_error : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A PostgreSQL cluster of the server's own, in a folder, on a unix socket in that folder alone: no
/// port, no password, and nobody but the owner (and root) can enter the folder. Made by the first
/// start. It is a child in a process group of its own and stops with this object; when this process
/// dies it stops as well. One object a folder: a lock on the folder tells the second one so.
///
///   folder/lock  folder/data/ (the cluster)  folder/run/ (the socket)  folder/postgres.log
class embedded_postgres {
public:
  struct options {
    std::filesystem::path folder;
    /// Whom the cluster runs as when this process is root, which PostgreSQL refuses to be.
    std::string user = "nobody";
    std::filesystem::path binaries = "/usr/lib/postgresql/15/bin";
    /// Off only in tests: a cluster of a minute need not survive a power cut.
    bool durable = true;
    int shared_buffers_mib = 256;
    /// Asked while a start waits for its answer; true ends the waiting. None: never.
    std::function<bool()> given_up;
  };

  /// Starts the cluster and waits until it answers. Throws `embedded_postgres_error`. The thread
  /// that calls it must live as long as the object: the kernel ties the child to it.
  explicit embedded_postgres(options how);
  ~embedded_postgres();
  embedded_postgres(const embedded_postgres&) = delete;
  embedded_postgres& operator=(const embedded_postgres&) = delete;

  /// For `connection_pool`: host, user and database.
  std::string url() const { return url_in(how_.folder); }
  /// The same for the cluster of a folder, whoever started it, and the socket that shows that it
  /// runs.
  static std::string url_in(const std::filesystem::path& folder);
  static std::filesystem::path socket_in(const std::filesystem::path& folder);
  pid_t process() const noexcept { return child_; }

  /// False once the cluster's process has ended, whoever ended it; collects what is left of it.
  bool is_running() noexcept;
  /// Starts it again after that, on the same thread; the folder stays locked in between. Throws
  /// `embedded_postgres_error`; then it may be tried again (a disk that is full becomes free).
  void start_again() { start(); }

  /// Stops it in order (checkpoint, no recovery needed at the next start). Done by the destructor.
  void stop() noexcept;

private:
  struct account {
    uid_t user = 0;
    gid_t group = 0;
    bool drop = false;
  };

  void take_folder();
  void make_cluster();
  void await_former_owner() const;
  void start();
  void launch();
  void await_answer();
  int run(const std::vector<std::string>& command) const;
  pid_t spawn(const std::vector<std::string>& command, bool dies_with_us) const;
  std::string log_tail() const;

  options how_;
  account account_;
  int lock_ = -1;
  pid_t child_ = -1;
};

} // namespace cresset::coord::store
