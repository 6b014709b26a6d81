#pragma once

#include "coord/incident/correlation_rules.hpp"
#include "coord/incident/group_change.hpp"
#include "coord/incident/rsit.hpp"

#include <map>
#include <set>
#include <variant>
#include <vector>

namespace cresset::coord::incident {

/// A new incident of these groups.
struct open_incident {
  /// Names it for ever: rule, subject, exercise, and the change that completed it. Opening the same
  /// one twice is one.
  std::string correlation;
  std::string rule;
  std::string title;
  std::string why;
  int severity = 50;
  rsit classified;
  bool exercise = false;
  std::vector<group_id> groups;
};

/// One more group for the incident of that correlation.
struct attach_group {
  std::string correlation;
  group_id group;
  std::string why;
};

using correlator_action = std::variant<open_incident, attach_group>;

/// Turns changes of groups into incidents. It has no clock and no database: the same changes in the
/// same order give the same actions, so after a restart it is fed the changes of the last
/// `correlation_window_limit` again and stands where it stood. Time is the changes' time of
/// receipt. One thread.
class correlator {
public:
  /// Subjects a rule can follow at once; the one that was quiet for longest makes room.
  static constexpr std::size_t subjects_limit = 100'000;
  /// Groups that one incident collects; more stay in the queue.
  static constexpr std::size_t groups_limit = 1000;

  explicit correlator(std::vector<correlation_rule> rules);

  /// Appends what follows from this change. Changes come in the order of their positions.
  void take(const group_change& change, std::vector<correlator_action>& actions);

  struct counters {
    std::uint64_t changes = 0;
    std::uint64_t opened = 0;
    std::uint64_t attached = 0;
    std::uint64_t subjects_evicted = 0;
    std::uint64_t groups_left_out = 0;
  };
  const counters& count() const noexcept { return count_; }

private:
  struct subject_key {
    std::size_t rule = 0;
    bool exercise = false;
    attacker_level level = attacker_level::address;
    ip_address address;
    group_id group;
    friend auto operator<=>(const subject_key&, const subject_key&) noexcept = default;
  };
  struct subject_state {
    timestamp begun;
    timestamp last;
    std::int64_t alerts = 0;
    std::set<ip_address> victims;
    std::set<std::string> stages;
    std::set<group_id> groups;
    std::string correlation; // once it fired
  };
  using subjects = std::map<subject_key, subject_state>;

  std::optional<subject_key> subject_of(std::size_t rule, const group_change& change) const;
  subject_state& follow(const subject_key& key, const group_change& change);
  void fire(const subject_key& key, subject_state& subject, const group_change& change,
            std::vector<correlator_action>& actions);
  void attach(const std::string& correlation, group_id group, std::string why,
              std::vector<correlator_action>& actions);
  bool is_reached(const correlation_rule& rule, const subject_state& subject) const noexcept;
  void forget(timestamp now);

  std::vector<correlation_rule> rules_;
  subjects subjects_;
  std::map<group_id, std::pair<std::string, timestamp>> owner_;
  std::map<std::string, std::size_t> sizes_;
  timestamp swept_{};
  counters count_;
};

} // namespace cresset::coord::incident
