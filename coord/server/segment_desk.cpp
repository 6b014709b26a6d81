#include "coord/server/segment_desk.hpp"

#include "capture/base/log.hpp"
#include "coord/segment/registry.hpp"

#include <stdexcept>

namespace cresset::coord::server {

segment_desk::segment_desk(store::connection_pool& pool) : registry_{pool} {
  if (const auto read = refresh(); !read)
    throw std::runtime_error{"database: " + read.error().text};
  thread_ = std::thread{[this] { run(); }};
}

segment_desk::~segment_desk() {
  {
    const std::lock_guard lock{mutex_};
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void segment_desk::hurry() {
  {
    const std::lock_guard lock{mutex_};
    hurried_ = true;
  }
  wake_.notify_all();
}

incident::result<void> segment_desk::refresh() {
  const auto today = std::chrono::floor<std::chrono::days>(now());
  // Before the records are read: what changes in between is read again.
  const auto head = registry_.head();
  if (!head)
    return unexpected{head.error()};
  if (*head == seen_ && today == made_on_)
    return {};
  const auto records = registry_.live();
  if (!records)
    return unexpected{records.error()};
  const auto book = std::make_shared<segment::registry>(*records, today);
  log(log_level::info, "segment", "change {}: {} owners and prefixes, {} ranges, {} KiB",
      head->value, records->size(), book->table().size(), book->table().memory_bytes() / 1024);
  books_.replace(book);
  seen_ = *head;
  made_on_ = today;
  return {};
}

void segment_desk::run() {
  std::string told;
  std::unique_lock lock{mutex_};
  for (;;) {
    wake_.wait_for(lock, refresh_every, [this] { return stopping_ || hurried_; });
    if (stopping_)
      return;
    hurried_ = false;
    lock.unlock();
    const auto done = refresh();
    if (!done && done.error().text != told)
      log(log_level::warning, "segment", "{}", done.error().text);
    told = done ? std::string{} : done.error().text;
    lock.lock();
  }
}

} // namespace cresset::coord::server
