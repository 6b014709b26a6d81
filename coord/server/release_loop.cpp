#include "coord/server/release_loop.hpp"

#include "capture/base/log.hpp"
#include "coord/server/partner_desk.hpp"

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

release_loop::release_loop(store::store& store, casework::repository& work,
                           effect::repository& effects, sharing& with,
                           std::unique_ptr<change_feed> feed)
    : store_{store}, work_{work}, effects_{effects}, with_{with}, feed_{std::move(feed)},
      thread_{[this] { run(); }} {}

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

/// Taken back as a whole, or nothing that anybody should hear of for the first time: nothing more
/// leaves by itself.
bool release_loop::was_taken_back(const incident::incident& told) {
  if (told.state == incident_state::closed && told.released_version == 0)
    return true;
  effect::effect_query newest;
  newest.incident = told.id;
  newest.limit = 1;
  const auto last = effects_.list(newest);
  return last && !last->empty() && last->front().kind == effect::effect_kind::withdrawal;
}

bool release_loop::hold(const incident::incident& told, const federation::release_wish& wish,
                        const std::string& partner) {
  const auto moment = std::chrono::floor<std::chrono::microseconds>(now());
  const auto prepared = with_.desk.prepare(wish, partner, moment);
  if (!prepared.made)
    return false;
  const auto held = effects_.hold(
      release_effect(told, *prepared.made, partner, "policy", moment, std::chrono::seconds{0}));
  if (!held)
    log(log_level::warning, "release", "{}: {}", told.name, held.error().text);
  return held.has_value();
}

void release_loop::consider(incident_id id) {
  const auto told = store_.incidents.one(id);
  if (told && (told->released_version == told->version || was_taken_back(*told)))
    return;
  const auto groups = store_.incidents.groups_of(id, groups_told);
  const auto work = work_.content_for_sharing(id);
  if (!told || !groups || !work) {
    if (!told && told.error().why == store_errc::not_found)
      return;
    waiting_.emplace(id, clock::now() + retry);
    return;
  }
  bool any = false;
  for (const auto& [partner, terms] : with_.gate.rules().partners)
    any = hold(*told, {*told, *groups, {}, *work}, partner) || any;
  if (!any)
    return;
  if (released_.size() >= remembered_limit)
    released_.erase(
        std::ranges::min_element(released_, {}, [](const auto& r) { return r.second; }));
  released_[id] = clock::now();
}

} // namespace cresset::coord::server
