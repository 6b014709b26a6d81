#pragma once

#include "coord/http/push_hub.hpp"
#include "coord/incident/change_feed.hpp"
#include "coord/incident/repository.hpp"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace cresset::coord::api {

/// The notices a page understands: {"type":"groups","groups":[…]},
/// {"type":"incidents","incidents":[ids]}, and
/// {"type":"reload"}: more changed than is worth telling one by one.
std::string groups_notice(const std::vector<incident::alert_group>& groups);
std::string incidents_notice(const std::vector<incident::incident_id>& incidents);
std::string reload_notice();

/// Follows the store's feed of changes on a thread of its own and tells the pages. Changes are
/// gathered for `pace`, so that a flood of alerts becomes a few notices a second, each group once;
/// past `groups_a_notice` it is a reload.
class change_notices {
public:
  static constexpr std::chrono::milliseconds pace{250};
  static constexpr std::chrono::milliseconds longest_wait{1000};
  static constexpr int groups_a_notice = 50;

  /// All three outlive this object; `feed` is used by its thread alone.
  change_notices(incident::change_feed& feed, incident::group_repository& groups,
                 http::push_hub& pushes);
  ~change_notices();
  change_notices(const change_notices&) = delete;
  change_notices& operator=(const change_notices&) = delete;

private:
  void run();
  void tell_groups(incident::change_position after);
  void tell_incidents(std::int64_t after);
  void pause(std::chrono::milliseconds time) const;

  incident::change_feed& feed_;
  incident::group_repository& groups_;
  http::push_hub& pushes_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

} // namespace cresset::coord::api
