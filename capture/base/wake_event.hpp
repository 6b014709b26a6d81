#pragma once

#include <chrono>

namespace cresset {

/// Wakes a thread that waits in poll(): any thread raises it, one thread waits on its descriptor
/// and clears it. Raised several times it is still raised once.
class wake_event {
public:
  /// Throws std::system_error when the process has no descriptor left.
  wake_event();
  ~wake_event();
  wake_event(const wake_event&) = delete;
  wake_event& operator=(const wake_event&) = delete;

  void raise() noexcept;
  /// True if it was raised since the last time.
  bool clear() noexcept;
  /// Waits until it is raised or the time is over; true if raised. Does not clear it.
  bool wait(std::chrono::milliseconds limit) const noexcept;
  /// Readable while raised; owned by this object.
  int descriptor() const noexcept { return fd_; }

private:
  int fd_;
};

} // namespace cresset
