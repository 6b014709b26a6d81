// Frames (docs/inspection-model.md section 8): each is a unit of its own, looked at once, when it
// is whole or when no more of it comes.
#include "detect/inspect/header_match.hpp"
#include "detect/inspect/inspector.hpp"

#include <algorithm>

namespace cresset::detect::inspect {

void inspector::inspect_frames(subject& on) {
  auto* frames = on.flow->parser->frames();
  if (frames == nullptr || !frames->is_awake())
    return;
  frames->sweep();
  for (auto& one : frames->frames()) {
    if (one.way != on.way || one.is_inspected || !(one.is_over || on.is_last))
      continue;
    one.is_inspected = one.is_over = true;
    if (!inspect_frame(one, on))
      return;
  }
}

/// False when a pass rule ends the run.
bool inspector::inspect_frame(proto::frame& one, subject& on) {
  const auto protocol = proto::app_protocol_from(on.flow->parser->protocol());
  if (!protocol)
    return true;
  const auto& types = rules_.frames[static_cast<std::size_t>(*protocol)];
  const auto rules = std::find_if(types.begin(), types.end(),
                                  [&](const frame_rules& r) { return r.type == one.type; });
  if (rules == types.end())
    return true;
  begin_candidates();
  try_unit(rules->rules, one.bytes);
  std::sort(candidates_.begin(), candidates_.end());
  const proto::transaction* of = nullptr;
  for (const auto* tx : on.flow->parser->transactions())
    if (one.transaction && tx->number() == *one.transaction)
      of = tx;
  for (const auto index : candidates_) {
    const auto& s = rules_.signatures()[index];
    counters_.candidates.add();
    if (!s.may_run(on.way) || !header_matches(s.source->header, on) ||
        (s.source->flow && !flow_matches(*s.source->flow, on)) || !protocol_matches(s, on) ||
        !conditions_hold(s, on) || !sections_match(s, on, {.bytes = one.bytes}))
      continue;
    if (!take({.signature = &s,
               .transaction = of,
               .frame = &one,
               .on_stream = true,
               .inspected = one.bytes},
              on))
      return false;
  }
  return true;
}

} // namespace cresset::detect::inspect
