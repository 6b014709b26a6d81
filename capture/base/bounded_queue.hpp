#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

namespace cresset {

/// A queue between threads that never holds more than `limit` elements. Any number of threads may
/// push and pop. What it refuses is counted; closing it wakes everybody who waits.
template <typename T>
class bounded_queue {
public:
  explicit bounded_queue(std::size_t limit) : limit_{limit} {}

  /// False, and one more in `refused()`, when the queue is full or closed; never waits.
  bool try_push(T element) {
    {
      const std::lock_guard lock{mutex_};
      if (closed_ || elements_.size() >= limit_) {
        ++refused_;
        return false;
      }
      elements_.push_back(std::move(element));
    }
    available_.notify_one();
    return true;
  }

  /// Waits for room; false when the queue was closed.
  bool push(T element) {
    {
      std::unique_lock lock{mutex_};
      room_.wait(lock, [&] { return closed_ || elements_.size() < limit_; });
      if (closed_)
        return false;
      elements_.push_back(std::move(element));
    }
    available_.notify_one();
    return true;
  }

  std::optional<T> try_pop() {
    const std::lock_guard lock{mutex_};
    return take();
  }

  /// Waits at most `limit` for an element; nothing when none came, or when the queue is closed and
  /// empty.
  std::optional<T> pop(std::chrono::milliseconds limit) {
    std::unique_lock lock{mutex_};
    available_.wait_for(lock, limit, [&] { return closed_ || !elements_.empty(); });
    return take();
  }

  /// No more is taken in; what is inside can still be popped.
  void close() {
    {
      const std::lock_guard lock{mutex_};
      closed_ = true;
    }
    available_.notify_all();
    room_.notify_all();
  }

  std::size_t size() const {
    const std::lock_guard lock{mutex_};
    return elements_.size();
  }
  bool closed() const {
    const std::lock_guard lock{mutex_};
    return closed_;
  }
  std::uint64_t refused() const {
    const std::lock_guard lock{mutex_};
    return refused_;
  }

private:
  std::optional<T> take() {
    if (elements_.empty())
      return std::nullopt;
    std::optional<T> element{std::move(elements_.front())};
    elements_.pop_front();
    room_.notify_one();
    return element;
  }

  const std::size_t limit_;
  mutable std::mutex mutex_;
  std::condition_variable available_;
  std::condition_variable room_;
  std::deque<T> elements_;
  std::uint64_t refused_ = 0;
  bool closed_ = false;
};

} // namespace cresset
