#include "coord/api/change_notices.hpp"

#include "capture/base/log.hpp"
#include "coord/api/json_output.hpp"

#include <set>

namespace cresset::coord::api {

std::string groups_notice(const std::vector<incident::alert_group>& groups) {
  std::string text;
  json_writer json{text};
  json.begin_object().member("type", "groups");
  write_list(json, "groups", groups);
  json.end_object();
  return text;
}

std::string incidents_notice(const std::vector<incident::incident_id>& incidents) {
  std::string text;
  json_writer json{text};
  json.begin_object().member("type", "incidents").key("incidents").begin_array();
  for (const auto id : incidents)
    json.number(id.value);
  json.end_array().end_object();
  return text;
}

std::string reload_notice() {
  return R"({"type":"reload"})";
}

change_notices::change_notices(incident::change_feed& feed, incident::group_repository& groups,
                               http::push_hub& pushes)
    : feed_{feed}, groups_{groups}, pushes_{pushes}, thread_{[this] { run(); }} {}

change_notices::~change_notices() {
  stopping_ = true;
  thread_.join();
}

void change_notices::run() {
  // The heads of now: what was before them a page reads for itself when it opens.
  auto seen = feed_.wait({}, std::chrono::milliseconds{0});
  while (!stopping_) {
    auto heads =
        seen ? feed_.wait(*seen, longest_wait) : feed_.wait({}, std::chrono::milliseconds{0});
    if (!heads) { // the database is away; when it is back, nobody knows what was missed
      if (seen)
        log(log_level::warning, "api", "the feed of changes stopped: {}", heads.error().text);
      seen = std::move(heads);
      pause(longest_wait);
      continue;
    }
    if (!seen) {
      log(log_level::info, "api", "the feed of changes goes on");
      pushes_.publish(reload_notice());
    } else {
      if (heads->group_change > seen->group_change)
        tell_groups(seen->group_change);
      if (heads->journal > seen->journal)
        tell_incidents(seen->journal);
      if (heads->group_change > seen->group_change)
        pause(pace);
    }
    seen = std::move(heads);
  }
}

void change_notices::tell_groups(incident::change_position after) {
  const auto changes = feed_.changes(after, groups_a_notice * 4);
  if (!changes)
    return; // the next wait tells why
  std::set<incident::group_id> touched;
  for (const auto& change : *changes)
    touched.insert(change.group);
  if (changes->size() >= groups_a_notice * 4 || touched.size() > groups_a_notice) {
    pushes_.publish(reload_notice());
    return;
  }
  std::vector<incident::alert_group> groups;
  for (const auto id : touched)
    if (auto group = groups_.group(id))
      groups.push_back(std::move(*group));
  if (!groups.empty())
    pushes_.publish(groups_notice(groups));
}

void change_notices::tell_incidents(std::int64_t after) {
  const auto touched = feed_.incidents_touched(after, groups_a_notice);
  if (touched && !touched->incidents.empty())
    pushes_.publish(incidents_notice(touched->incidents));
}

void change_notices::pause(std::chrono::milliseconds time) const {
  constexpr std::chrono::milliseconds step{50};
  for (auto left = time; left.count() > 0 && !stopping_; left -= step)
    std::this_thread::sleep_for(std::min(step, left));
}

} // namespace cresset::coord::api
