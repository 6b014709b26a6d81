#pragma once

#include "coord/backup/archive.hpp"

#include <string>
#include <vector>

namespace cresset::coord::backup {

/// A program to run: no shell, no inherited standard input, its errors into one line of ours.
struct child_command {
  std::vector<std::string> words;       ///< the first is the program's path
  std::vector<std::string> environment; ///< "NAME=value", beside our own; for what must not be seen
                                        ///< on a command line
};

/// Runs it to its end and gives its standard output to `sink`, piece by piece. An error when it
/// fails or the sink does.
outcome<void> read_from(const child_command& command, const byte_sink& sink);

/// A program that is fed: write until done, then `finish` waits for it.
class fed_child {
public:
  static outcome<fed_child> start(const child_command& command);
  fed_child(fed_child&& other) noexcept;
  fed_child& operator=(fed_child&&) = delete;
  /// Ends one that was not finished.
  ~fed_child();
  outcome<void> write(byte_view bytes);
  /// Closes its input and waits; an error with its last words when it failed.
  outcome<void> finish();

private:
  fed_child() = default;
  std::string name_;
  int pid_ = -1;
  int in_ = -1;
  int errors_ = -1; // a file without a name, read when it failed
};

} // namespace cresset::coord::backup
