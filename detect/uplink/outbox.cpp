#include "detect/uplink/outbox.hpp"

#include "capture/base/log.hpp"

#include <algorithm>

namespace cresset::detect::uplink {
namespace {

using clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds idle_wait{100};
constexpr std::size_t most_at_once = 10000; // what spool::append takes

} // namespace

outbox::outbox(spool& to, outbox_options options, std::function<void()> spooled,
               outbox_ledger ledger)
    : spool_{to}, options_{std::move(options)}, on_spooled_{std::move(spooled)},
      queue_{options_.queue_limit_alerts}, ledger_{std::move(ledger)}, raised_{ledger_.raised()},
      spooled_{ledger_.spooled()}, refused_{ledger_.refused()}, thread_{[this] { run(); }} {}

outbox::~outbox() {
  stop();
}

bool outbox::offer(alert::alert alert) {
  raised_.fetch_add(1);
  if (queue_.try_push(std::move(alert)))
    return true;
  refused_.fetch_add(1);
  return false;
}

void outbox::stop() {
  {
    const std::lock_guard lock{stop_mutex_};
    if (!give_up_at_)
      give_up_at_ = clock::now() + options_.stop_patience;
  }
  queue_.close();
  stop_asked_.notify_all();
  if (!thread_.joinable())
    return;
  thread_.join();
  ledger_.finish();
}

std::uint64_t outbox::waiting() const noexcept {
  // read in this order the difference can only be too small while others write, never below zero
  const auto settled = spooled_.load() + refused_.load();
  const auto raised = raised_.load();
  return raised - std::min(raised, settled);
}

void outbox::run() {
  for (;;) {
    auto group = gather();
    if (!group.empty())
      write(std::move(group));
    else if (queue_.closed() && queue_.size() == 0)
      return;
  }
}

/// The first alert, and what comes within a moment behind it.
std::vector<alert::alert> outbox::gather() {
  std::vector<alert::alert> group;
  auto next = queue_.pop(idle_wait);
  const auto until = clock::now() + options_.commit_after;
  while (next) {
    group.push_back(*std::move(next));
    if (group.size() >= std::min(options_.commit_limit_alerts, most_at_once))
      break;
    next = queue_.try_pop();
    if (!next && !queue_.closed())
      if (const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - clock::now());
          left.count() > 0)
        next = queue_.pop(left);
  }
  return group;
}

void outbox::write(std::vector<alert::alert> group) {
  bool told = false;
  for (;;) {
    const auto stored = spool_.append(group);
    if (stored) {
      if (told)
        log(log_level::info, "spool", "writing again; {} alerts waited, {} were refused so far",
            group.size(), refused());
      spooled_.fetch_add(group.size());
      if (on_spooled_)
        on_spooled_();
      return;
    }
    if (!told)
      log_line(log_level::error, "spool", stored.error().text);
    told = true;
    if (!may_try_again())
      break;
  }
  refused_.fetch_add(group.size());
  log(log_level::error, "spool", "{} alerts could not be written before the end and are lost",
      group.size());
}

/// Waits before the next attempt; false when stop() has lost its patience.
bool outbox::may_try_again() {
  std::unique_lock lock{stop_mutex_};
  if (!give_up_at_)
    stop_asked_.wait_for(lock, options_.retry_after, [&] { return give_up_at_.has_value(); });
  else
    stop_asked_.wait_until(lock, std::min(*give_up_at_, clock::now() + options_.retry_after),
                           [] { return false; });
  return !give_up_at_ || clock::now() < *give_up_at_;
}

} // namespace cresset::detect::uplink
