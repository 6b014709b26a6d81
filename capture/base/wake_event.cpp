#include "capture/base/wake_event.hpp"

#include <cerrno>
#include <cstdint>
#include <poll.h>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>

namespace cresset {

wake_event::wake_event() : fd_{::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)} {
  if (fd_ < 0)
    throw std::system_error{errno, std::generic_category(), "eventfd"};
}

wake_event::~wake_event() {
  ::close(fd_);
}

void wake_event::raise() noexcept {
  const std::uint64_t one = 1;
  // a write fails only when the count is full, and then it is raised already
  [[maybe_unused]] const auto written = ::write(fd_, &one, sizeof one);
}

bool wake_event::clear() noexcept {
  std::uint64_t count = 0;
  return ::read(fd_, &count, sizeof count) == sizeof count;
}

bool wake_event::wait(std::chrono::milliseconds limit) const noexcept {
  pollfd poll_on{fd_, POLLIN, 0};
  return ::poll(&poll_on, 1, static_cast<int>(limit.count())) > 0;
}

} // namespace cresset
