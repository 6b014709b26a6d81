// For each rule a change belongs to one subject (its group, victim or attacker). The subject
// collects alerts, victims and stages in a window that begins with its first matching change; when
// all thresholds of the rule are reached the rule fires, once. From then on further groups of the
// subject are attached until it was quiet for a window, when it is forgotten and may fire anew. A
// group belongs to one incident: when a rule fires over groups of which one has an incident
// already, the others join that one instead of making a second.
//
// Cost. Each rule keeps its subjects in a hash table and in a list ordered by when they were last
// heard of; the end of the list is the next to go, whether by age or for room, so nothing is ever
// searched. A subject holds at most `groups_limit` groups and each of them was put there by a
// change of its own, so walking them once (when it fires) and dropping them once (when it goes) is
// paid for by those changes. Nothing correlates pairs of values. Hence a million records with one
// attacker and a million victims cost a million times a constant; `counters::steps` says how much.
#include "coord/incident/correlator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <random>
#include <utility>

namespace cresset::coord::incident {
namespace {

void fill(std::string& text, std::string_view place, std::string_view value) {
  if (const auto at = text.find(place); at != std::string::npos)
    text.replace(at, place.size(), value);
}

std::string title_of(const correlation_rule& rule, const group_change& change) {
  auto title = rule.title;
  fill(title, "{victim}", change.key.victim.to_string());
  fill(title, "{attacker}", attacker_text(change.key));
  fill(title, "{indicator}", change.indicators.empty() ? "" : change.indicators.front().value);
  // Last, because a message could hold a place's name.
  fill(title, "{message}", change.message);
  return title;
}

reason seen(const group_change& change) {
  return {"seen",
          {{"gid", std::to_string(change.key.gid)},
           {"sid", std::to_string(change.key.sid)},
           {"message", change.message.substr(0, reason_value_limit_bytes / 2)},
           {"severity", std::to_string(change.severity)},
           {"victim", change.key.victim.to_string()},
           {"attacker", attacker_text(change.key)}}};
}

reason rule_said(const correlation_rule& rule) {
  return {"rule",
          {{"rule", rule.id}, {"because_en", rule.because}, {"because_ru", rule.because_ru}}};
}

const indicator_hit* confident(const group_change& change, int least) {
  const auto found = std::ranges::find_if(
      change.indicators, [&](const indicator_hit& hit) { return hit.confidence >= least; });
  return found == change.indicators.end() ? nullptr : &*found;
}

} // namespace

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

std::size_t correlator::key_hash::operator()(const subject_key& key) const noexcept {
  const auto half = [&](std::size_t at) {
    std::uint64_t value = 0;
    std::memcpy(&value, key.address.storage().data() + at, sizeof value);
    return value;
  };
  const auto mixed = [](std::uint64_t a) {
    a = (a ^ (a >> 32)) * 0xd6e8feb86659fd93ULL;
    a = (a ^ (a >> 32)) * 0xd6e8feb86659fd93ULL;
    return a ^ (a >> 32);
  };
  const auto rest = static_cast<std::uint64_t>(key.group.value) * 16 +
                    static_cast<std::uint64_t>(key.level) * 4 + (key.address.is_v6() ? 2 : 0) +
                    (key.exercise ? 1 : 0);
  return mixed(mixed(mixed(half(0) ^ seed[0]) + half(8) + seed[1]) ^ rest);
}

correlator::correlator(std::vector<correlation_rule> rules, rsit_map classes, std::size_t subjects,
                       std::size_t members)
    : classes_{std::move(classes)}, subjects_limit_{subjects}, members_limit_{members} {
  std::random_device entropy;
  const auto word = [&] { return (std::uint64_t{entropy()} << 32) | entropy() | 1; };
  for (auto& rule : rules) {
    const key_hash hash{{word(), word()}};
    followers_.push_back({followers_.size(),
                          std::move(rule),
                          0,
                          std::unordered_map<subject_key, subject_state, key_hash>{0, hash},
                          {}});
  }
}

std::size_t correlator::subjects() const noexcept {
  std::size_t all = 0;
  for (const auto& by : followers_)
    all += by.subjects.size();
  return all;
}

std::size_t correlator::members() const noexcept {
  std::size_t all = 0;
  for (const auto& by : followers_)
    all += by.members;
  return all;
}

void correlator::take(const group_change& change, std::vector<correlator_action>& actions) {
  ++count_.changes;
  asset_ = change.victim_asset;
  // Covered by a standing dismissal, or put into an incident already: nothing to find out.
  if (change.muted || change.incident)
    return;
  for (auto& by : followers_) {
    ++count_.steps;
    const auto key = subject_of(by.rule, change);
    if (!key)
      continue;
    auto& subject = follow(by, *key, change);
    if (subject.in != 0 && !owner_.contains(change.group.value))
      attach(subject.in, change.group, {seen(change), {"joined", {{"rule", by.rule.id}}}}, actions);
    else if (subject.in == 0 && is_reached(by.rule, subject))
      fire(by, *key, subject, change, actions);
  }
}

std::optional<correlator::subject_key> correlator::subject_of(const correlation_rule& rule,
                                                              const group_change& change) const {
  if (change.severity > rule.severity)
    return std::nullopt;
  if (rule.risk > 0 && risk_of(change.severity, asset_ ? asset_->criticality : 0) < rule.risk)
    return std::nullopt;
  if (rule.indicator >= 0 && confident(change, rule.indicator) == nullptr)
    return std::nullopt;
  subject_key key{change.key.exercise, attacker_level::address, {}, {}};
  switch (rule.subject) {
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

correlator::subject_state& correlator::follow(follower& by, const subject_key& key,
                                              const group_change& change) {
  ++count_.steps;
  const auto window = by.rule.window;
  auto found = by.subjects.find(key);
  make_room(by, change.received, found == by.subjects.end());
  found = by.subjects.find(key); // it may have been the quietest itself
  if (found == by.subjects.end()) {
    found = by.subjects.try_emplace(key).first;
    found->second.begun = change.received;
    found->second.place = by.by_quiet.insert(by.by_quiet.end(), key);
  } else {
    by.by_quiet.splice(by.by_quiet.end(), by.by_quiet, found->second.place);
  }
  auto& subject = found->second;
  const auto since = subject.in == 0 ? subject.begun : subject.last;
  if (change.received - since > window) {
    clear(by, subject);
    subject.begun = change.received;
  }
  subject.last = change.received;
  collect(by, subject, change);
  return subject;
}

void correlator::collect(follower& by, subject_state& subject, const group_change& change) {
  subject.alerts += change.added;
  if (subject.in != 0)
    return;
  if (std::cmp_less(subject.victims.size(), by.rule.victims))
    subject.victims.insert(change.key.victim);
  // What nobody knows the class of is no stage of an attack.
  if (auto stage = classes_.of_category(change.category).classification; stage != "other")
    subject.stages.insert(std::move(stage));
  if (subject.groups.size() < groups_limit) {
    if (subject.known.insert(change.group.value).second) {
      subject.groups.push_back(change.group);
      ++by.members;
    }
  } else if (!subject.known.contains(change.group.value)) {
    ++count_.groups_left_out;
  }
}

void correlator::make_room(follower& by, timestamp now, bool is_new) {
  while (!by.by_quiet.empty()) {
    const auto& quietest = by.subjects.at(by.by_quiet.front());
    const bool is_over = now - quietest.last > by.rule.window;
    const bool is_full =
        (is_new && by.subjects.size() >= subjects_limit_) || by.members >= members_limit_;
    if (!is_over && !is_full)
      return;
    if (!is_over)
      ++count_.subjects_evicted;
    drop_quietest(by);
  }
}

void correlator::drop_quietest(follower& by) {
  const auto found = by.subjects.find(by.by_quiet.front());
  clear(by, found->second);
  by.subjects.erase(found);
  by.by_quiet.pop_front();
}

/// The subject forgets what it collected, and its incident.
void correlator::clear(follower& by, subject_state& subject) {
  count_.steps += subject.groups.size() + 1;
  by.members -= subject.groups.size();
  subject.groups.clear();
  subject.known.clear();
  subject.victims.clear();
  subject.stages.clear();
  subject.alerts = 0;
  leave(subject);
}

void correlator::leave(subject_state& subject) {
  if (subject.in == 0)
    return;
  const auto found = matters_.find(subject.in);
  subject.in = 0;
  if (found == matters_.end() || --found->second.subjects > 0)
    return;
  count_.steps += found->second.groups.size();
  followers_[found->second.rule].members -= found->second.groups.size();
  for (const auto group : found->second.groups)
    owner_.erase(group.value);
  matters_.erase(found);
}

bool correlator::is_reached(const correlation_rule& rule,
                            const subject_state& subject) const noexcept {
  return subject.alerts >= rule.alerts &&
         std::cmp_greater_equal(subject.victims.size(), rule.victims) &&
         std::cmp_greater_equal(subject.stages.size(), rule.stages);
}

explanation correlator::why(const correlation_rule& rule, const subject_state& subject,
                            const group_change& change) const {
  explanation all{rule_said(rule), seen(change)};
  const auto reached = [&](std::string code, auto count, auto needed) -> reason& {
    all.push_back(
        {std::move(code), {{"count", std::to_string(count)}, {"needed", std::to_string(needed)}}});
    return all.back();
  };
  if (rule.alerts > 1)
    reached("alerts_reached", subject.alerts, rule.alerts);
  if (rule.victims > 1)
    reached("victims_reached", subject.victims.size(), rule.victims);
  if (rule.stages > 1) {
    std::string stages;
    for (const auto& stage : subject.stages)
      stages += (stages.empty() ? "" : ", ") + stage;
    reached("stages_reached", subject.stages.size(), rule.stages)
        .values.emplace_back("stages", stages);
  }
  if (rule.risk > 0 && asset_)
    all.push_back({"risk_reached",
                   {{"risk", std::to_string(risk_of(change.severity, asset_->criticality))},
                    {"needed", std::to_string(rule.risk)},
                    {"severity", std::to_string(change.severity)},
                    {"criticality", std::to_string(asset_->criticality)},
                    {"owner", asset_->owner},
                    {"sector", asset_->sector}}});
  if (const auto* hit = rule.indicator < 0 ? nullptr : confident(change, rule.indicator))
    all.push_back({"indicator_matched",
                   {{"kind", hit->kind},
                    {"value", hit->value},
                    {"source", hit->source},
                    {"indicator", std::to_string(hit->indicator.value)},
                    {"confidence", std::to_string(hit->confidence)}}});
  all.push_back({"since",
                 {{"since", to_rfc3339_ms(subject.begun)},
                  {"groups", std::to_string(subject.groups.size())},
                  {"alerts", std::to_string(subject.alerts)}}});
  return all;
}

void correlator::fire(follower& by, const subject_key& key, subject_state& subject,
                      const group_change& change, std::vector<correlator_action>& actions) {
  const auto& rule = by.rule;
  auto said = why(rule, subject, change);
  const auto collected = std::exchange(subject.groups, {});
  subject.known.clear();
  by.members -= collected.size();
  count_.steps += collected.size();
  const auto owned =
      std::ranges::find_if(collected, [&](group_id g) { return owner_.contains(g.value); });
  if (owned != collected.end()) {
    subject.in = owner_.at(owned->value);
    ++matters_.at(subject.in).subjects;
    for (const auto group : collected)
      attach(subject.in, group, said, actions);
    return;
  }
  open_incident opened;
  opened.correlation = fmt::format("{}|{}|{}|{}", rule.id,
                                   rule.subject == correlation_subject::group
                                       ? fmt::format("group {}", key.group.value)
                                       : key.address.to_string(),
                                   key.exercise ? "exercise" : "real", change.position.value);
  opened.rule = rule.id;
  opened.title = title_of(rule, change);
  opened.why = std::move(said);
  opened.severity = rule.incident_severity;
  opened.classified = classes_.of_category(change.category);
  opened.victim = asset_;
  opened.exercise = key.exercise;
  opened.groups = collected;
  open(by, subject, std::move(opened), actions);
}

void correlator::open(follower& by, subject_state& subject, open_incident opened,
                      std::vector<correlator_action>& actions) {
  subject.in = ++last_matter_;
  for (const auto group : opened.groups)
    owner_[group.value] = subject.in;
  by.members += opened.groups.size();
  matters_.emplace(subject.in, matter{opened.correlation, by.number, 1, opened.groups});
  actions.emplace_back(std::move(opened));
  ++count_.opened;
}

void correlator::attach(matter_number number, group_id group, explanation why,
                        std::vector<correlator_action>& actions) {
  ++count_.steps;
  if (owner_.contains(group.value))
    return;
  auto& in = matters_.at(number);
  if (in.groups.size() >= groups_limit) {
    ++count_.groups_left_out;
    return;
  }
  in.groups.push_back(group);
  ++followers_[in.rule].members;
  owner_[group.value] = number;
  actions.emplace_back(attach_group{in.correlation, group, std::move(why)});
  ++count_.attached;
}

/// Rare (an analyst was faster than the correlator), so it may search.
void correlator::disown(const std::string& correlation) {
  for (auto& by : followers_)
    for (auto& [key, subject] : by.subjects) {
      const auto found = matters_.find(subject.in);
      if (found != matters_.end() && found->second.correlation == correlation) {
        subject.begun = subject.last;
        clear(by, subject);
      }
    }
}

} // namespace cresset::coord::incident
