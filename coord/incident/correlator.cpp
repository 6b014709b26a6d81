// For each rule a change belongs to one subject (its group, victim or attacker). The subject
// collects alerts, victims and stages in a window that begins with its first matching change; when
// all thresholds of the rule are reached the rule fires, once. From then on further groups of the
// subject are attached until it was quiet for a window, when it is forgotten and may fire anew. A
// group belongs to one incident: when a rule fires over groups of which one has an incident
// already, the others join that one instead of making a second.
#include "coord/incident/correlator.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cresset::coord::incident {
namespace {

std::string attacker_text(const group_key& key) {
  switch (key.level) {
  case attacker_level::address: return key.attacker.to_string();
  case attacker_level::prefix:
    return fmt::format("{}/{}", key.attacker.to_string(),
                       key.attacker.is_v4() ? attacker_prefix_v4_bits : attacker_prefix_v6_bits);
  case attacker_level::many: break;
  }
  return "many addresses";
}

std::string filled(std::string text, const group_change& change) {
  const std::pair<std::string_view, std::string> places[] = {
      {"{message}", change.message},
      {"{victim}", change.key.victim.to_string()},
      {"{attacker}", attacker_text(change.key)}};
  for (const auto& [place, value] : places)
    if (const auto at = text.find(place); at != std::string::npos)
      text.replace(at, place.size(), value);
  return text;
}

std::string facts(const group_change& change) {
  return fmt::format("rule {}:{} \"{}\" (severity {}) on {} from {}", change.key.gid,
                     change.key.sid, change.message, change.severity, change.key.victim.to_string(),
                     attacker_text(change.key));
}

} // namespace

correlator::correlator(std::vector<correlation_rule> rules) : rules_{std::move(rules)} {}

void correlator::take(const group_change& change, std::vector<correlator_action>& actions) {
  ++count_.changes;
  forget(change.received);
  if (change.muted)
    return;
  for (std::size_t rule = 0; rule < rules_.size(); ++rule) {
    const auto key = subject_of(rule, change);
    if (!key)
      continue;
    auto& subject = follow(*key, change);
    if (!is_reached(rules_[rule], subject))
      continue;
    if (subject.correlation.empty())
      fire(*key, subject, change, actions);
    else
      attach(subject.correlation, change.group, facts(change), actions);
  }
}

std::optional<correlator::subject_key> correlator::subject_of(std::size_t rule,
                                                              const group_change& change) const {
  const auto& r = rules_[rule];
  // A group that an analyst or an earlier rule put into an incident is being worked on.
  if (change.severity > r.severity || change.incident)
    return std::nullopt;
  subject_key key{rule, change.key.exercise, attacker_level::address, {}, {}};
  switch (r.subject) {
  case correlation_subject::group: key.group = change.group; break;
  case correlation_subject::victim: key.address = change.key.victim; break;
  case correlation_subject::attacker:
    if (change.key.level == attacker_level::many)
      return std::nullopt;
    key.level = change.key.level;
    key.address = change.key.attacker;
    break;
  }
  return key;
}

correlator::subject_state& correlator::follow(const subject_key& key, const group_change& change) {
  const auto window = rules_[key.rule].window;
  if (subjects_.size() >= subjects_limit && !subjects_.contains(key)) {
    const auto oldest = std::ranges::min_element(
        subjects_, {}, [](const subjects::value_type& s) { return s.second.last; });
    subjects_.erase(oldest);
    ++count_.subjects_evicted;
  }
  auto& subject = subjects_[key];
  const bool is_over = subject.correlation.empty() ? change.received - subject.begun > window
                                                   : change.received - subject.last > window;
  if (is_over) {
    subject = {};
    subject.begun = change.received;
  }
  subject.last = change.received;
  subject.alerts += change.added;
  if (subject.groups.size() < groups_limit) {
    subject.groups.insert(change.group);
    subject.victims.insert(change.key.victim);
  }
  subject.stages.insert(rsit_for_category(change.category).classification);
  return subject;
}

bool correlator::is_reached(const correlation_rule& rule,
                            const subject_state& subject) const noexcept {
  return subject.alerts >= rule.alerts &&
         std::cmp_greater_equal(subject.victims.size(), rule.victims) &&
         std::cmp_greater_equal(subject.stages.size(), rule.stages);
}

void correlator::fire(const subject_key& key, subject_state& subject, const group_change& change,
                      std::vector<correlator_action>& actions) {
  const auto& rule = rules_[key.rule];
  const auto owned =
      std::ranges::find_if(subject.groups, [&](group_id g) { return owner_.contains(g); });
  if (owned != subject.groups.end()) {
    subject.correlation = owner_.at(*owned).first;
    for (const auto group : subject.groups)
      attach(subject.correlation, group, rule.because, actions);
    return;
  }
  subject.correlation = fmt::format("{}|{}|{}|{}", rule.id,
                                    rule.subject == correlation_subject::group
                                        ? fmt::format("group {}", key.group.value)
                                        : key.address.to_string(),
                                    key.exercise ? "exercise" : "real", change.position.value);
  open_incident opened;
  opened.correlation = subject.correlation;
  opened.rule = rule.id;
  opened.title = filled(rule.title, change);
  opened.why =
      fmt::format("{} ({}): {}; {} alerts in {} groups, {} victims, since {}", rule.because,
                  rule.id, facts(change), subject.alerts, subject.groups.size(),
                  subject.victims.size(), to_rfc3339_ms(subject.begun));
  opened.severity = rule.incident_severity;
  opened.classified = rsit_for_category(change.category);
  opened.exercise = key.exercise;
  opened.groups.assign(subject.groups.begin(), subject.groups.end());
  for (const auto group : opened.groups)
    owner_[group] = {subject.correlation, change.received};
  sizes_[subject.correlation] = opened.groups.size();
  actions.emplace_back(std::move(opened));
  ++count_.opened;
}

void correlator::attach(const std::string& correlation, group_id group, std::string why,
                        std::vector<correlator_action>& actions) {
  if (owner_.contains(group))
    return;
  auto& size = sizes_[correlation];
  if (size >= groups_limit) {
    ++count_.groups_left_out;
    return;
  }
  ++size;
  owner_[group] = {correlation, swept_};
  actions.emplace_back(attach_group{correlation, group, std::move(why)});
  ++count_.attached;
}

/// Once a minute of the changes' time: what was quiet for longer than any window can matter no
/// more.
void correlator::forget(timestamp now) {
  if (now - swept_ < std::chrono::minutes{1})
    return;
  swept_ = now;
  std::set<std::string> alive;
  std::erase_if(subjects_, [&](const subjects::value_type& s) {
    const bool gone = now - s.second.last > rules_[s.first.rule].window;
    if (!gone)
      alive.insert(s.second.correlation);
    return gone;
  });
  std::erase_if(owner_, [&](const auto& o) { return !alive.contains(o.second.first); });
  std::erase_if(sizes_, [&](const auto& s) { return !alive.contains(s.first); });
}

} // namespace cresset::coord::incident
