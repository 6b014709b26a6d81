// What a match does: state it sets, the pass that silences, and how many alerts become of the
// matches of one run.
#include "detect/inspect/address_state.hpp"
#include "detect/inspect/harvesting.hpp"
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

void apply(const tag& wanted, subject& on) {
  if (wanted.of != tag::scope::session && on.state != nullptr)
    on.state->tags.set(wanted.of == tag::scope::source_host ? on.tuple.source
                                                            : on.tuple.destination,
                       wanted, on.at);
  else if (on.record != nullptr)
    on.record->tag = {wanted, on.at};
}

/// What is not tracked is not told either: both subjects end the transaction's or flow's event.
void apply(const config& wanted, const match& found, flow_record& record) {
  if (wanted.of == config::type::flow)
    record.logs_flow = wanted.enable;
  else if (wanted.in == config::scope::flow)
    record.logs_transactions = wanted.enable;
  else if (found.transaction != nullptr) {
    record.of(found.transaction->number()).logged = !wanted.enable;
    if (!wanted.enable && !found.transaction->concerns(proto::direction::to_client))
      ++record.quiet_answers;
  }
}

} // namespace

void inspector::apply_effects(const match& found, subject& on) {
  for (const auto& effect : found.signature->source->effects) {
    if (const auto* bit = std::get_if<xbits>(&effect)) {
      apply(*bit, on,
            found.transaction != nullptr ? std::optional{found.transaction->number()}
                                         : std::nullopt);
      continue;
    }
    if (const auto* wanted = std::get_if<tag>(&effect)) {
      apply(*wanted, on);
      continue;
    }
    if (on.record == nullptr)
      continue;
    if (const auto* wanted = std::get_if<config>(&effect))
      apply(*wanted, found, *on.record);
    else if (std::holds_alternative<bypass>(effect) && on.flow != nullptr)
      on.flow->shunt();
    else if (const auto* bits = std::get_if<flowbits>(&effect))
      apply(*bits, *on.record);
    else if (const auto* number = std::get_if<flowint>(&effect))
      apply(*number, *on.record);
  }
}

/// Counts the packet among those that a tag set earlier asks for.
bool inspector::count_tagged(subject& on) {
  if (on.packet == nullptr)
    return false;
  const auto size = on.packet->frame.size();
  const bool of_flow = on.record != nullptr && on.record->tag.takes(size, on.at);
  return of_flow || state_.tags.take(on.tuple.source, on.tuple.destination, size, on.at);
}

bool inspector::take(match found, subject& on) {
  const auto& s = *found.signature;
  counters_.matches.add();
  if (s.source->detection_filter) {
    const auto& filter = *s.source->detection_filter;
    const auto key = make_tracker_key(s.source->gid, s.source->sid, filter.track, on.tuple,
                                      on.flow ? on.flow->id() : 0);
    on.wait_for_turn();
    if (!state_.thresholds.allows(filter, key, on.at)) {
      counters_.alerts_suppressed.add();
      return true;
    }
  }
  if (s.harvests)
    take_along(found, on, packet_variables_, work_);
  apply_effects(found, on);
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

/// What threshold.config and the rule's own threshold say of one more alert.
bool inspector::may_alert(const signature& s, const subject& on) {
  const auto flow_id = on.flow != nullptr ? on.flow->id() : 0;
  const auto& r = *s.source;
  for (const auto* quiet : s.suppressions) {
    using side = rule::suppression::side;
    const bool source = quiet->track == side::source || quiet->track == side::either;
    const bool destination = quiet->track == side::destination || quiet->track == side::either;
    if (quiet->track == side::none || (source && quiet->addresses->contains(on.tuple.source)) ||
        (destination && quiet->addresses->contains(on.tuple.destination)))
      return false;
  }
  if (s.threshold || !s.rate_filters.empty())
    on.wait_for_turn();
  for (const auto* rate : s.rate_filters) {
    const auto key = make_tracker_key(r.gid, r.sid, rate->track, on.tuple, flow_id);
    const rate_limit limit{rate->count, rate->seconds, rate->timeout_s};
    // we look on and stop nothing: of the actions only `pass` changes what we say
    if (state_.thresholds.is_exceeded(limit, key, on.at) && rate->new_action == rule::action::pass)
      return false;
  }
  if (!s.threshold)
    return true;
  const auto key = make_tracker_key(r.gid, r.sid, s.threshold->track, on.tuple, flow_id);
  return state_.thresholds.allows(*s.threshold, key, on.at);
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
    if (may_alert(*m.signature, on))
      return false;
    counters_.alerts_suppressed.add();
    return true;
  });
  counters_.alerts.add(matches_.size());
  if (!matches_.empty() && on.flow != nullptr)
    on.flow->set_alerted();
}

} // namespace cresset::detect::inspect
