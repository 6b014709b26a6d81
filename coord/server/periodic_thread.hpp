#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace cresset::coord::server {

/// A thread that does something every so often until it is destroyed; destroying it waits for what
/// is being done.
class periodic_thread {
public:
  /// `act` is called from the thread alone, first after one `every`; it does not throw.
  periodic_thread(std::chrono::milliseconds every, std::function<void()> act);
  ~periodic_thread();
  periodic_thread(const periodic_thread&) = delete;
  periodic_thread& operator=(const periodic_thread&) = delete;

private:
  void run();

  const std::chrono::milliseconds every_;
  const std::function<void()> act_;
  std::mutex mutex_;
  std::condition_variable stop_;
  bool stopping_ = false;
  std::thread thread_;
};

} // namespace cresset::coord::server
