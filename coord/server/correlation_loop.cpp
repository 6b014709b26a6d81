#include "coord/server/correlation_loop.hpp"

#include "capture/base/log.hpp"

namespace cresset::coord::server {
using namespace incident;
using clock = std::chrono::steady_clock;

correlation_loop::correlation_loop(correlator_log& log, std::unique_ptr<change_feed> feed,
                                   std::vector<correlation_rule> rules, std::string holder,
                                   rsit_map classes)
    : log_{log}, feed_{std::move(feed)}, rules_{std::move(rules)}, holder_{std::move(holder)},
      classes_{std::move(classes)}, thread_{[this] { run(); }} {}

correlation_loop::~correlation_loop() {
  stopping_ = true;
  thread_.join();
}

void correlation_loop::run() {
  std::string told; // the last trouble, so that it is logged once
  while (!stopping_) {
    auto done = lead();
    bool more = false;
    if (done) {
      const auto stepped = step();
      more = stepped && *stepped;
      if (!stepped)
        done = unexpected{stepped.error()};
    }
    if (!done) {
      // Whatever it was, what is stored is the truth: begin again from there.
      term_ = 0;
      if (done.error().text != told)
        log(log_level::warning, "correlator", "{}", done.error().text);
      told = done.error().text;
      pause(wait_limit);
    } else if (!more) {
      told.clear();
      if (const auto heads = feed_->wait({{}, position_, 0}, std::chrono::milliseconds{0});
          !heads || heads->group_change <= position_)
        (void)feed_->wait({{std::numeric_limits<std::int64_t>::max()},
                           position_,
                           std::numeric_limits<std::int64_t>::max()},
                          wait_limit);
    }
  }
  if (term_ > 0)
    (void)log_.resign(holder_);
}

result<void> correlation_loop::lead() {
  if (term_ > 0 && clock::now() - renewed_ < leader_lease / 3)
    return {};
  const auto term = log_.lead(holder_);
  if (!term)
    return unexpected{term.error()};
  renewed_ = clock::now();
  if (*term == term_)
    return {};
  if (const auto done = replay(); !done)
    return done;
  term_ = *term;
  log(log_level::info, "correlator", "leads with term {} from change {}", term_, position_.value);
  return {};
}

result<void> correlation_loop::replay() {
  const auto stored = log_.position();
  if (!stored)
    return unexpected{stored.error()};
  auto from = log_.replay_from();
  if (!from)
    return unexpected{from.error()};
  correlator_ = std::make_unique<correlator>(rules_, classes_);
  position_ = std::min(*from, *stored);
  if (const auto done = replay_until(*stored); !done)
    return done;
  position_ = *stored;
  publish_count();
  return {};
}

result<void> correlation_loop::replay_until(change_position stored) {
  while (position_ < stored && !stopping_) {
    const auto changes = log_.changes(position_, batch_limit);
    if (!changes)
      return unexpected{changes.error()};
    if (changes->empty())
      break;
    std::vector<correlator_action> known; // stored long ago
    for (const auto& change : *changes)
      if (change.position <= stored)
        correlator_->take(change, known);
    if (const auto done = disown_missing(known); !done)
      return done;
    position_ = changes->back().position;
  }
  return {};
}

/// What the replay believes to have opened and the store never had (an analyst was faster, or the
/// rules were others then) must not swallow what comes now.
result<void> correlation_loop::disown_missing(std::span<const correlator_action> replayed) {
  std::vector<std::string> opened;
  for (const auto& action : replayed)
    if (const auto* made = std::get_if<open_incident>(&action))
      opened.push_back(made->correlation);
  const auto missing = log_.missing(opened);
  if (!missing)
    return unexpected{missing.error()};
  disown(*missing);
  return {};
}

void correlation_loop::disown(const std::vector<std::string>& missing) {
  for (const auto& correlation : missing)
    correlator_->disown(correlation);
}

void correlation_loop::publish_count() {
  const std::lock_guard lock{count_mutex_};
  count_ = correlator_->count();
}

correlator::counters correlation_loop::count() const {
  const std::lock_guard lock{count_mutex_};
  return count_;
}

result<bool> correlation_loop::step() {
  const auto changes = log_.changes(position_, batch_limit);
  if (!changes)
    return unexpected{changes.error()};
  if (changes->empty())
    return false;
  std::vector<correlator_action> actions;
  for (const auto& change : *changes)
    correlator_->take(change, actions);
  const auto up_to = changes->back().position;
  const auto missing = log_.apply(term_, up_to, actions);
  if (!missing)
    return unexpected{missing.error()};
  disown(*missing);
  position_ = up_to;
  publish_count();
  return changes->size() == static_cast<std::size_t>(batch_limit);
}

void correlation_loop::pause(std::chrono::milliseconds time) {
  const auto end = clock::now() + time;
  while (!stopping_ && clock::now() < end)
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
}

} // namespace cresset::coord::server
