#pragma once

#include "coord/incident/asset.hpp"
#include "coord/incident/correlation_rules.hpp"
#include "coord/incident/explanation.hpp"
#include "coord/incident/group_change.hpp"
#include "coord/incident/rsit_map.hpp"

#include <list>
#include <optional>
#include <set>
#include <unordered_map>
#include <unordered_set>
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
  explanation why;
  int severity = 50;
  rsit classified;
  /// Of the victim of the change that completed it; empty when it is not ours.
  std::optional<asset> victim;
  bool exercise = false;
  std::vector<group_id> groups;
};

/// One more group for the incident of that correlation.
struct attach_group {
  std::string correlation;
  group_id group;
  explanation why;
};

using correlator_action = std::variant<open_incident, attach_group>;

/// Turns changes of groups into incidents. It has no clock and no database: the same changes in the
/// same order give the same actions, so after a restart it is fed the changes of the last
/// `correlation_window_limit` again and stands where it stood. Time is the changes' time of
/// receipt. One thread.
///
/// Work is linear in the number of changes times the number of rules, whatever they hold:
/// `counters::steps` counts it.
class correlator {
public:
  /// Subjects a rule can follow at once; the one that was quiet for longest makes room.
  static constexpr std::size_t subjects_limit = 50'000;
  /// Groups that one incident collects; more stay in the queue.
  static constexpr std::size_t groups_limit = 1000;
  /// Groups that one rule's subjects and incidents hold together; its quietest subjects make room.
  static constexpr std::size_t members_limit = 200'000;

  /// The limits can be made smaller for tests.
  explicit correlator(std::vector<correlation_rule> rules, rsit_map classes = rsit_map::built_in(),
                      std::size_t subjects = subjects_limit, std::size_t members = members_limit);

  /// Appends what follows from this change. Changes come in the order of their positions.
  void take(const group_change& change, std::vector<correlator_action>& actions);

  /// The store has no incident of that correlation (its groups were taken by an analyst): whoever
  /// counted on it begins anew.
  void disown(const std::string& correlation);

  struct counters {
    std::uint64_t changes = 0;
    std::uint64_t opened = 0;
    std::uint64_t attached = 0;
    std::uint64_t subjects_evicted = 0;
    std::uint64_t groups_left_out = 0;
    /// Elementary steps of work: rules weighed, subjects touched, groups walked.
    std::uint64_t steps = 0;
  };
  const counters& count() const noexcept { return count_; }
  /// Subjects followed, and groups held, at this moment.
  std::size_t subjects() const noexcept;
  std::size_t members() const noexcept;

private:
  struct subject_key {
    bool exercise = false;
    attacker_level level = attacker_level::address;
    ip_address address;
    group_id group;
    friend bool operator==(const subject_key&, const subject_key&) noexcept = default;
  };
  /// Keyed with random numbers of this object's own: nobody can choose addresses that collide.
  struct key_hash {
    std::uint64_t seed[2];
    std::size_t operator()(const subject_key& key) const noexcept;
  };
  /// An incident that collects; lives as long as a subject points at it.
  struct matter {
    std::string correlation;
    std::size_t rule = 0; // that opened it
    std::size_t subjects = 0;
    std::vector<group_id> groups;
  };
  using matter_number = std::uint64_t; // 0 is none
  struct subject_state {
    timestamp begun;
    timestamp last;
    std::int64_t alerts = 0;
    std::vector<group_id> groups; // in the order they came, until it fires
    std::unordered_set<std::int64_t> known;
    std::set<ip_address> victims; // no more than the rule asks for
    std::set<std::string> stages;
    matter_number in = 0; // once it fired
    std::list<subject_key>::iterator place;
  };
  struct follower {
    std::size_t number = 0;
    correlation_rule rule;
    std::size_t members = 0;
    std::unordered_map<subject_key, subject_state, key_hash> subjects;
    std::list<subject_key> by_quiet; // the one quiet for longest in front
  };

  std::optional<subject_key> subject_of(const correlation_rule& rule,
                                        const group_change& change) const;
  subject_state& follow(follower& by, const subject_key& key, const group_change& change);
  void collect(follower& by, subject_state& subject, const group_change& change);
  void make_room(follower& by, timestamp now, bool is_new);
  void drop_quietest(follower& by);
  void clear(follower& by, subject_state& subject);
  void leave(subject_state& subject);
  bool is_reached(const correlation_rule& rule, const subject_state& subject) const noexcept;
  void fire(follower& by, const subject_key& key, subject_state& subject,
            const group_change& change, std::vector<correlator_action>& actions);
  void open(follower& by, subject_state& subject, open_incident opened,
            std::vector<correlator_action>& actions);
  explanation why(const correlation_rule& rule, const subject_state& subject,
                  const group_change& change) const;
  void attach(matter_number number, group_id group, explanation why,
              std::vector<correlator_action>& actions);

  std::vector<follower> followers_;
  rsit_map classes_;
  std::size_t subjects_limit_;
  std::size_t members_limit_;
  std::unordered_map<std::int64_t, matter_number> owner_; // of a group
  std::unordered_map<matter_number, matter> matters_;
  matter_number last_matter_ = 0;
  std::optional<asset> asset_; // of the victim of the change at hand
  counters count_;
};

/// The attacker of a key as people read it: an address, a prefix, or "many addresses".
std::string attacker_text(const group_key& key);

} // namespace cresset::coord::incident
