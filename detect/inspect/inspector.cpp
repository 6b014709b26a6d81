// One run: rules on the packet, then on the raw stream, then on transactions, each unit's
// candidates in the order of evaluation. What a rule sets is seen by the rules behind it.
// docs/inspection-model.md says why each of these is so.
#include "detect/inspect/inspector.hpp"

#include "detect/inspect/header_match.hpp"
#include "detect/inspect/packet_field.hpp"
#include "detect/inspect/transaction_inspector.hpp"

#include <algorithm>

namespace cresset::detect::inspect {

using rule::payload::buffer_source;

inspector::inspector(const image& rules, shared_state& state, const inspector_settings& settings)
    : rules_{rules}, state_{state}, settings_{settings}, stamps_(rules.signatures().size(), 0) {
  rules_.fit(scanner_);
}

std::span<const match> inspector::run(subject& on) {
  matches_.clear();
  packet_variables_.clear();
  on.packet_variables = &packet_variables_;
  silenced_ = false;
  on.state = &state_;
  work_.is_tcp = on.is_tcp();
  counters_.runs.add();
  tagged_ = count_tagged(on);
  if (!passes_on(on)) {
    inspect_packet(on);
    if (!silenced_ && on.flow != nullptr && on.flow->session)
      inspect_stream(on);
    if (!silenced_ && on.flow != nullptr && on.flow->parser)
      inspect_frames(on);
    if (on.record != nullptr)
      on.record->raw_due[proto::index(on.way)] = false;
    if (!silenced_ && on.flow != nullptr && on.flow->parser && on.record != nullptr)
      transaction_inspector{*this, on}.run();
  }
  finish(on);
  return matches_;
}

void inspector::begin_candidates() noexcept {
  candidates_.clear();
  if (++stamp_ == 0) {
    std::fill(stamps_.begin(), stamps_.end(), 0);
    stamp_ = 1;
  }
}

void inspector::try_rule(std::uint32_t index) {
  if (stamps_[index] == stamp_)
    return;
  stamps_[index] = stamp_;
  candidates_.push_back(index);
}

void inspector::try_rules(std::span<const std::uint32_t> indices) {
  for (const auto index : indices)
    try_rule(index);
}

void inspector::try_unit(const unit_rules& rules, byte_view bytes) {
  if (settings_.naive) {
    try_rules(rules.all);
    return;
  }
  try_rules(rules.without_bytes);
  if (bytes.size() < rules.by_size.size())
    try_rules(rules.by_size[bytes.size()]);
  if (bytes.empty())
    return;
  try_rules(rules.without_literal);
  if (!rules.by_literal.scan(scanner_, bytes, [&](std::uint32_t s) { try_rule(s); })) {
    counters_.scan_failures.add();
    try_rules(rules.all);
  }
}

void inspector::try_headers(const header_rules& rules, const subject& on) {
  if (settings_.naive) {
    try_rules(rules.all);
    return;
  }
  try_rules(rules.always);
  try_rules(rules.by_source.find(on.tuple.source));
  try_rules(rules.by_destination.find(on.tuple.destination));
}

void inspector::gather_packet_rules(subject& on) {
  if (on.packet->event_count != 0 || !on.packet->is_ip() || settings_.naive)
    try_rules(rules_.decoder_rules);
  if (!on.packet->is_ip())
    return;
  if (on.record == nullptr ||
      !std::exchange(on.record->ip_rules_done[proto::index(on.way)], true)) {
    try_rules(rules_.ip_rules);
    try_rules(rules_.ip_rules_by_source.find(on.tuple.source));
    try_rules(rules_.ip_rules_by_destination.find(on.tuple.destination));
  }
  if (on.flow != nullptr && on.record != nullptr && !on.flow->app_protocol().empty() &&
      !std::exchange(on.record->protocol_rules_done[proto::index(on.way)], true)) {
    if (const auto known = proto::app_protocol_from(on.flow->app_protocol()))
      try_rules(rules_.protocol_rules[static_cast<std::size_t>(*known)]);
    try_rules(rules_.protocol_test_rules);
  }
  if (!on.tcp_events.empty() || settings_.naive)
    try_rules(rules_.stream_event_rules);
  try_headers(rules_.header[image::transport_class(on.tuple.protocol)], on);
  try_headers(rules_.header[image::any_transport], on);
  const auto payload = on.payload();
  const auto way = proto::index(on.way);
  if (!on.is_tcp()) {
    try_unit(rules_.datagram[way], payload);
    return;
  }
  try_unit(rules_.tcp_packet, payload);
  if (!on.payload_in_stream && !payload.empty())
    try_unit(rules_.stream[way], payload);
}

void inspector::inspect_packet(subject& on) {
  if (on.packet == nullptr)
    return;
  begin_candidates();
  gather_packet_rules(on);
  std::sort(candidates_.begin(), candidates_.end());
  for (const auto index : candidates_) {
    const auto& s = rules_.signatures()[index];
    counters_.candidates.add();
    if (packet_rule_matches(s, on) && !take({.signature = &s}, on))
      return;
  }
}

bool inspector::packet_rule_matches(const signature& s, subject& on) {
  if (!s.may_run(on.way) && on.flow != nullptr)
    return false;
  if (s.kind != rule_kind::decoder_event || on.packet->is_ip())
    if (!header_matches(s.source->header, on))
      return false;
  if (s.source->flow && !flow_matches(*s.source->flow, on))
    return false;
  if (!protocol_matches(s, on) || !conditions_hold(s, on))
    return false;
  if (s.kind == rule_kind::stream && on.is_tcp() && (on.payload_in_stream || s.needs_stream_only))
    return false;
  return sections_match(s, on, {.bytes = on.payload()});
}

bool inspector::conditions_hold(const signature& s, const subject& on) const noexcept {
  return std::all_of(s.conditions.begin(), s.conditions.end(), [&](const ready_condition& c) {
    const bool here =
        c.of == ready_condition::layer::packet || c.of == ready_condition::layer::flow;
    return !here || holds(c, on);
  });
}

/// Every section that a packet or raw stream can answer; what base64_decode left is matched behind
/// the section it stands in.
bool inspector::sections_match(const signature& s, subject& on, const buffer::window& payload) {
  return std::all_of(s.sections.begin(), s.sections.end(), [&](const section& one) {
    switch (one.source->keyword->source) {
    case buffer_source::payload:
    case buffer_source::frame: return matches(one, payload, work_);
    case buffer_source::decoded: {
      const auto decoded = work_.decoded; // the tests may decode again
      return matches(one, {.bytes = decoded}, work_);
    }
    case buffer_source::packet: {
      const auto bytes = packet_buffer(one.source->name(), on);
      return bytes && matches(one, {.bytes = *bytes}, work_);
    }
    default: return true; // of a transaction: judged there
    }
  });
}

void inspector::inspect_stream(subject& on) {
  // at a flow's end there may be several runs of bytes with gaps between them, each a window of its
  // own
  for (unsigned windows = 0; windows < limit_windows && !silenced_; ++windows)
    if (!inspect_window(on))
      return;
}

/// False when no window is due.
bool inspector::inspect_window(subject& on) {
  auto& stream = on.flow->session->stream(on.way);
  const auto way = proto::index(on.way);
  const auto window = stream.window();
  const auto fresh = window.fresh_bytes();
  const bool due = fresh >= settings_.chunk_bytes[way] || window.is_final() || on.is_last ||
                   (on.record != nullptr && on.record->raw_due[way]);
  if (!due || fresh == 0)
    return false;
  begin_candidates();
  try_unit(rules_.stream[way], window.bytes);
  std::sort(candidates_.begin(), candidates_.end());
  const buffer::window bytes{.bytes = window.bytes,
                             .from_start = window.offset == 0,
                             .judged_bytes =
                                 static_cast<std::size_t>(window.fresh - window.offset)};
  for (const auto index : candidates_) {
    const auto& s = rules_.signatures()[index];
    counters_.candidates.add();
    if (!header_matches(s.source->header, on) ||
        (s.source->flow && !flow_matches(*s.source->flow, on)) || !protocol_matches(s, on) ||
        !conditions_hold(s, on) || !sections_match(s, on, bytes))
      continue;
    // one alert a packet and rule, though both its payload and the stream were looked at
    const bool already = std::any_of(matches_.begin(), matches_.end(),
                                     [&](const match& m) { return m.signature == &s; });
    if (!already && !take({.signature = &s, .on_stream = true, .inspected = window.bytes}, on))
      break;
  }
  stream.raw_done(window.end());
  return true;
}

} // namespace cresset::detect::inspect
