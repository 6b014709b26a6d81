#include "coord/server/release_loop.hpp"

#include "capture/base/log.hpp"

#include <algorithm>
#include <limits>

namespace cresset::coord::server {
using namespace incident;

namespace {
constexpr int page = 200;
constexpr int groups_told = 100;
// Incidents whose last release is remembered; the oldest are forgotten, which costs an early second
// release.
constexpr std::size_t remembered_limit = 10'000;
} // namespace

release_loop::release_loop(store::store& store, sharing& with, std::unique_ptr<change_feed> feed)
    : store_{store}, with_{with}, feed_{std::move(feed)}, thread_{[this] { run(); }} {}

release_loop::~release_loop() {
  stopping_ = true;
  thread_.join();
}

void release_loop::run() {
  constexpr auto never = std::numeric_limits<std::int64_t>::max();
  if (const auto heads = feed_->wait({}, std::chrono::milliseconds{0}))
    journal_ = heads->journal;
  read_open();
  while (!stopping_) {
    read_journal();
    consider_waiting();
    // A short wait also paces the attempts while the database is away.
    if (!feed_->wait({{never}, {never}, journal_}, wait_limit))
      std::this_thread::sleep_for(wait_limit);
  }
}

/// What was left unreleased when the server last stopped.
void release_loop::read_open() {
  incident_query query;
  query.limit = page;
  for (;;) {
    const auto found = store_.incidents.incidents(query);
    if (!found || found->empty())
      return;
    for (const auto& one : *found)
      if (one.released_version < one.version)
        waiting_.emplace(one.id, clock::time_point{});
    query.after = incident_key{found->back().severity, found->back().changed, found->back().id};
  }
}

void release_loop::read_journal() {
  while (!stopping_) {
    const auto touched = feed_->incidents_touched(journal_, page);
    if (!touched || touched->up_to == journal_)
      return;
    journal_ = touched->up_to;
    for (const auto id : touched->incidents) {
      const auto last = released_.find(id);
      waiting_.emplace(id, last == released_.end() ? clock::time_point{} : last->second + again);
    }
  }
}

void release_loop::consider_waiting() {
  const auto moment = clock::now();
  for (auto at = waiting_.begin(); at != waiting_.end() && !stopping_;) {
    if (at->second > moment) {
      ++at;
      continue;
    }
    const auto id = at->first;
    at = waiting_.erase(at);
    consider(id);
  }
}

void release_loop::consider(incident_id id) {
  const auto told = store_.incidents.one(id);
  if (told && told->released_version == told->version)
    return;
  const auto groups = store_.incidents.groups_of(id, groups_told);
  if (!told || !groups) {
    if (!told && told.error().why == store_errc::not_found)
      return;
    waiting_.emplace(id, clock::now() + retry);
    return;
  }
  bool any = false;
  for (const auto& answer : with_.desk.release_to_all({*told, *groups, {}}, now())) {
    if (!answer.is_in_stream) {
      // Allowed and not done: a stream that is held after a restore, a database that is away.
      if (answer.decided == egress::verdict::release)
        waiting_.emplace(id, clock::now() + retry);
      continue;
    }
    any = true;
    if (const auto marked =
            store_.incidents.mark_released(id, told->version, answer.partner, "policy");
        !marked)
      log(log_level::warning, "release", "{}: {}", told->name, marked.error().text);
  }
  if (!any)
    return;
  if (released_.size() >= remembered_limit)
    released_.erase(
        std::ranges::min_element(released_, {}, [](const auto& r) { return r.second; }));
  released_[id] = clock::now();
  with_.links.appended();
}

} // namespace cresset::coord::server
