// What a match does: state it sets, the pass that silences, and how many alerts become of the
// matches of one run.
#include "detect/inspect/inspector.hpp"

#include <algorithm>

namespace cresset::detect::inspect {
namespace {

using namespace rule::options;

void apply(const flowbits& bits, flow_record& record) {
  for (const auto& name : bits.names) {
    const bool has = record.bits.contains(name);
    const bool sets = bits.what == bit_action::set || (bits.what == bit_action::toggle && !has);
    if (sets && record.bits.size() < flow_record::limit_names)
      record.bits.insert(name);
    else if (!sets && (bits.what == bit_action::unset || bits.what == bit_action::toggle))
      record.bits.erase(name);
  }
}

void apply(const flowint& number, flow_record& record) {
  auto value = number.value;
  if (!number.other.empty()) {
    const auto other = record.numbers.find(number.other);
    if (other == record.numbers.end())
      return;
    value = other->second;
  }
  auto found = record.numbers.find(number.name);
  if (found == record.numbers.end()) {
    if (record.numbers.size() >= flow_record::limit_names ||
        number.what == flowint::action::subtract)
      return;
    found = record.numbers.emplace(number.name, 0).first;
  }
  switch (number.what) {
  case flowint::action::set: found->second = value; break;
  case flowint::action::add: found->second += value; break;
  case flowint::action::subtract: found->second -= std::min(found->second, value); break;
  default: break; // the others are conditions
  }
}

} // namespace

void inspector::apply_effects(const signature& s, subject& on) {
  if (on.record == nullptr)
    return;
  for (const auto& effect : s.source->effects) {
    if (const auto* bits = std::get_if<flowbits>(&effect))
      apply(*bits, *on.record);
    else if (const auto* number = std::get_if<flowint>(&effect))
      apply(*number, *on.record);
  }
}

bool inspector::take(match found, subject& on) {
  const auto& s = *found.signature;
  counters_.matches.add();
  if (s.source->detection_filter) {
    const auto& filter = *s.source->detection_filter;
    const auto key = make_tracker_key(s.source->gid, s.source->sid, filter.track, on.tuple,
                                      on.flow ? on.flow->id() : 0);
    if (!thresholds_.allows(filter, key, on.at)) {
      counters_.alerts_suppressed.add();
      return true;
    }
  }
  apply_effects(s, on);
  if (s.source->header.action == rule::action::pass) {
    silenced_ = true;
    // on a packet alone it passes that packet; on what belongs to the flow, the flow
    if (on.record != nullptr &&
        (found.on_stream || found.transaction != nullptr || s.kind == rule_kind::ip_only ||
         s.kind == rule_kind::protocol_only))
      on.record->passed = true;
    return false;
  }
  if (!s.source->noalert && s.source->header.action != rule::action::config)
    matches_.push_back(found);
  return true;
}

/// Cuts the matches to the limit, in the order of evaluation, and asks the thresholds.
void inspector::finish(subject& on) {
  std::stable_sort(matches_.begin(), matches_.end(), [](const match& a, const match& b) {
    return a.signature->index < b.signature->index;
  });
  if (matches_.size() > settings_.limit_alerts) {
    counters_.alert_queue_overflow.add(matches_.size() - settings_.limit_alerts);
    matches_.resize(settings_.limit_alerts);
  }
  std::erase_if(matches_, [&](const match& m) {
    const auto& r = *m.signature->source;
    if (!r.threshold)
      return false;
    const auto key =
        make_tracker_key(r.gid, r.sid, r.threshold->track, on.tuple, on.flow ? on.flow->id() : 0);
    if (thresholds_.allows(*r.threshold, key, on.at))
      return false;
    counters_.alerts_suppressed.add();
    return true;
  });
  counters_.alerts.add(matches_.size());
  if (!matches_.empty() && on.flow != nullptr)
    on.flow->set_alerted();
}

} // namespace cresset::detect::inspect
