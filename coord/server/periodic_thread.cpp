#include "coord/server/periodic_thread.hpp"

namespace cresset::coord::server {

periodic_thread::periodic_thread(std::chrono::milliseconds every, std::function<void()> act)
    : every_{every}, act_{std::move(act)}, thread_{[this] { run(); }} {}

periodic_thread::~periodic_thread() {
  {
    const std::lock_guard lock{mutex_};
    stopping_ = true;
  }
  stop_.notify_all();
  thread_.join();
}

void periodic_thread::run() {
  std::unique_lock lock{mutex_};
  while (!stop_.wait_for(lock, every_, [this] { return stopping_; })) {
    lock.unlock();
    act_();
    lock.lock();
  }
}

} // namespace cresset::coord::server
