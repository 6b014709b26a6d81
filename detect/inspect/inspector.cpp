// One run: rules on the packet, then on the raw stream, then on transactions, each unit's
// candidates in the order of evaluation. What a rule sets is seen by the rules behind it.
// docs/inspection-model.md says why each of these is so.
#include "detect/inspect/inspector.hpp"

#include "capture/decode/checksum.hpp"
#include "detect/inspect/header_match.hpp"
#include "detect/inspect/packet_field.hpp"
#include "detect/inspect/transaction_inspector.hpp"

#include <algorithm>

namespace cresset::detect::inspect {

using rule::payload::buffer_source;

namespace {

bool has_wrong_checksum(const capture::decode::decoded_packet& packet) noexcept {
  using capture::decode::checksum_state;
  return capture::decode::ipv4_header_checksum(packet) == checksum_state::wrong ||
         capture::decode::transport_checksum(packet) == checksum_state::wrong;
}

} // namespace

inspector::inspector(const image& rules, shared_state& state, const inspector_settings& settings)
    : rules_{rules}, state_{state}, settings_{settings}, groups_{rules},
      stamps_(rules.signatures().size(), 0) {
  rules_.fit(scanner_);
}

std::span<const match> inspector::run(subject& on) {
  matches_.clear();
  packet_variables_.clear();
  on.packet_variables = &packet_variables_;
  silenced_ = false;
  on.state = &state_;
  on.turn = &wait_for_turn_;
  work_.turn = &wait_for_turn_;
  work_.is_tcp = on.is_tcp();
  counters_.runs.add();
  tagged_ = count_tagged(on);
  if (!passes_on(on)) {
    find_group(on);
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
  asking_.clear();
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

void inspector::try_admitted(std::span<const std::uint32_t> indices) {
  for (const auto index : indices)
    try_admitted(index);
}

void inspector::try_list(const candidate_list& list, const subject& on) {
  const auto& gates = rules_.gates_of_rules();
  const auto try_probed = [&](const std::vector<std::uint32_t>& rules) {
    for (const auto index : rules)
      if (passes(gates.probe_of(index), facts_))
        try_rule(index);
  };
  const bool is_early = facts_.server_bytes <= list.early_most;
  const auto pairs = list.plain_pairs + (is_early ? list.early_pairs : 0);
  if (pairs > few_pairs && facts_.pairs == nullptr) {
    pairs_.fill(facts_.bytes);
    facts_.pairs = &pairs_;
  }
  try_probed(list.plain);
  if (is_early)
    try_probed(list.early);
  if (!list.damaged.empty() && on.packet != nullptr && has_wrong_checksum(*on.packet))
    try_probed(list.damaged);
  if (list.asking.empty() || on.record == nullptr)
    return;
  if (on.record->has_state())
    try_probed(list.asking);
  else
    asking_.push_back(&list);
}

template <typename F>
void inspector::scan(const literal_index& index, const unit_rules& rules, byte_view bytes,
                     F&& on_rule) {
  if (index.scan(scanner_, bytes, on_rule))
    return;
  counters_.scan_failures.add();
  for (const auto s : rules.all)
    on_rule(s);
}

void inspector::scan_growing(const unit_rules& rules, byte_view bytes, std::size_t fresh,
                             std::uint64_t end, found_rules& found, bool gated) {
  const auto again = rules.by_literal.longest();
  const auto scanned = found.overflowed ? bytes.size() : std::min(bytes.size(), fresh + again);
  if (found.overflowed)
    found = {};
  const auto try_found = [&](std::uint32_t s) { gated ? try_admitted(s) : try_rule(s); };
  for (const auto& earlier : found.rules)
    try_found(earlier.rule);
  scan(rules.by_literal, rules, bytes.last(scanned), [&](std::uint32_t s) {
    found.add(s, end);
    try_found(s);
  });
}

void inspector::try_unit(const unit_rules& rules, byte_view bytes) {
  if (settings_.naive) {
    try_rules(rules.all);
    return;
  }
  try_rules(rules.without_bytes);
  if (bytes.empty())
    return;
  try_rules(rules.without_literal);
  scan(rules.by_literal, rules, bytes, [&](std::uint32_t s) { try_rule(s); });
}

void inspector::try_payload(const unit_rules& rules, const rule_group::unit& group, byte_view bytes,
                            const subject& on) {
  try_list(group.without_bytes, on);
  if (bytes.size() < rules.by_size.size())
    try_admitted(rules.by_size[bytes.size()]);
  if (bytes.empty())
    return;
  try_list(group.without_literal, on);
  const auto on_rule = [&](std::uint32_t s) { try_admitted(s); };
  rules.by_place.find(bytes, on_rule);
  if (ahead_ == nullptr || ahead_->in != &rules.by_literal ||
      ahead_->bytes.data() != bytes.data() || ahead_->bytes.size() != bytes.size())
    scan(rules.by_literal, rules, bytes, on_rule);
  else
    for (const auto found : ahead_->rules)
      on_rule(found);
}

void inspector::look_ahead(byte_view payload, bool is_tcp, proto::direction way, payload_hits& to) {
  to.in = nullptr;
  if (settings_.naive || payload.empty())
    return;
  const auto& rules = (is_tcp ? rules_.tcp_packet : rules_.datagram)[proto::index(way)].by_literal;
  to.rules.clear();
  to.bytes = payload;
  if (rules.scan(scanner_, payload, [&](std::uint32_t rule) { to.rules.push_back(rule); }))
    to.in = &rules;
}

/// Literals in the bytes that were looked at before were found then; they lead to their rules until
/// nothing of those bytes is left in the window.
void inspector::try_window(const flow::raw_window& window, subject& on) {
  const auto way = proto::index(on.way);
  const auto& rules = rules_.stream[way];
  facts_ = {.bytes = window.bytes,
            .from_start = window.offset == 0,
            .sizes_count = false,
            .server_bytes = server_bytes_of(on)};
  try_list(group_->stream.without_bytes, on);
  try_list(group_->stream.without_literal, on);
  const auto on_rule = [&](std::uint32_t s) { try_admitted(s); };
  if (window.offset == 0)
    rules.by_place.find(window.bytes, on_rule);
  if (on.record == nullptr) {
    scan(rules.by_literal, rules, window.bytes, on_rule);
    return;
  }
  auto& found = on.record->on_stream[way];
  std::erase_if(found.rules, [&](const auto& one) { return one.before <= window.offset; });
  scan_growing(rules, window.bytes, static_cast<std::size_t>(window.fresh_bytes()), window.end(),
               found, true);
}

/// The candidates of the run at hand, from its traffic; from the flow's record when that is what
/// it was.
void inspector::find_group(const subject& on) {
  if (settings_.naive)
    return;
  auto protocol = proto::app_protocol::unknown;
  if (on.flow != nullptr && on.record != nullptr) {
    const auto name = on.flow->app_protocol();
    if (name.data() != on.record->protocol_name.data()) {
      on.record->protocol_name = name;
      on.record->protocol = proto::app_protocol_from(name).value_or(proto::app_protocol::unknown);
    }
    protocol = on.record->protocol;
  }
  traffic_ = rules_.gates_of_rules().of(on, protocol);
  if (on.record == nullptr) {
    group_ = &groups_.find(traffic_);
    no_address_rules_ = false;
    return;
  }
  auto& known = on.record->groups[proto::index(on.way)];
  if (known.generation != groups_.generation() || known.of != traffic_) {
    const auto* group = &groups_.find(traffic_);
    known = {traffic_, group, groups_.generation(), !rules_.names_address(on.tuple)};
  }
  group_ = known.group;
  no_address_rules_ = known.no_address_rules;
}

void inspector::try_headers(const subject& on) {
  if (settings_.naive) {
    try_rules(rules_.header[image::transport_class(on.tuple.protocol)].all);
    try_rules(rules_.header[image::any_transport].all);
    return;
  }
  try_list(group_->header, on);
  if (no_address_rules_)
    return;
  for (const auto transport : {image::transport_class(on.tuple.protocol), image::any_transport}) {
    try_admitted(rules_.header[transport].by_source.find(on.tuple.source));
    try_admitted(rules_.header[transport].by_destination.find(on.tuple.destination));
  }
}

void inspector::gather_packet_rules(subject& on) {
  if (settings_.naive) {
    try_rules(rules_.decoder_rules.all);
  } else if (on.packet->event_count != 0 || !on.packet->is_ip()) {
    try_rules(rules_.decoder_rules.always);
    for (const auto event : on.packet->events())
      try_rules(rules_.decoder_rules.of(to_string(event)));
  }
  if (!on.packet->is_ip())
    return;
  if (on.record == nullptr ||
      !std::exchange(on.record->ip_rules_done[proto::index(on.way)], true)) {
    try_admitted(rules_.ip_rules);
    try_admitted(rules_.ip_rules_by_source.find(on.tuple.source));
    try_admitted(rules_.ip_rules_by_destination.find(on.tuple.destination));
  }
  if (on.flow != nullptr && on.record != nullptr && !on.flow->app_protocol().empty() &&
      !std::exchange(on.record->protocol_rules_done[proto::index(on.way)], true)) {
    if (const auto known = proto::app_protocol_from(on.flow->app_protocol()))
      try_admitted(rules_.protocol_rules[static_cast<std::size_t>(*known)]);
    try_admitted(rules_.protocol_test_rules);
  }
  if (settings_.naive)
    try_admitted(rules_.stream_event_rules.all);
  for (const auto event : on.tcp_events)
    try_admitted(rules_.stream_event_rules.of(flow::to_string(event)));
  try_headers(on);
  const auto payload = on.payload();
  const auto way = proto::index(on.way);
  const bool outside_stream = on.is_tcp() && !on.payload_in_stream && !payload.empty();
  const auto& own = on.is_tcp() ? rules_.tcp_packet[way] : rules_.datagram[way];
  if (settings_.naive) {
    try_rules(own.all);
    if (outside_stream)
      try_rules(rules_.stream[way].all);
    return;
  }
  try_payload(own, group_->packet, payload, on);
  if (outside_stream)
    try_payload(rules_.stream[way], group_->stream, payload, on);
}

void inspector::let_in_asking(std::size_t behind) {
  const auto first = candidates_.size();
  for (const auto* list : asking_)
    for (const auto index : list->asking)
      if (index > candidates_[behind])
        try_rule(index); // probed or not: it is judged in full
  asking_.clear();
  if (candidates_.size() != first)
    std::sort(candidates_.begin() + static_cast<std::ptrdiff_t>(behind) + 1, candidates_.end());
}

void inspector::inspect_packet(subject& on) {
  if (on.packet == nullptr)
    return;
  begin_candidates();
  facts_ = {.bytes = on.payload(),
            .from_start = true,
            .sizes_count = on.packet->is_ip(),
            .server_bytes = server_bytes_of(on)};
  gather_packet_rules(on);
  std::sort(candidates_.begin(), candidates_.end());
  for (std::size_t i = 0; i < candidates_.size(); ++i) { // it may grow
    const auto& s = rules_.signatures()[candidates_[i]];
    counters_.candidates.add();
    if (!packet_rule_matches(s, on))
      continue;
    if (!take({.signature = &s}, on))
      return;
    if (!asking_.empty() && on.record->has_state())
      let_in_asking(i);
  }
}

bool inspector::packet_rule_matches(const signature& s, subject& on) {
  if (!is_settled(s)) {
    if (!s.may_run(on.way) && on.flow != nullptr)
      return false;
    if (s.kind != rule_kind::decoder_event || on.packet->is_ip())
      if (!header_matches(s.source->header, on))
        return false;
    if ((s.source->flow && !flow_matches(*s.source->flow, on)) || !protocol_matches(s, on))
      return false;
  }
  if (!conditions_hold(s, on))
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
  if (settings_.naive)
    try_rules(rules_.stream[way].all);
  else
    try_window(window, on);
  std::sort(candidates_.begin(), candidates_.end());
  const buffer::window bytes{.bytes = window.bytes,
                             .from_start = window.offset == 0,
                             .judged_bytes =
                                 static_cast<std::size_t>(window.fresh - window.offset)};
  for (std::size_t i = 0; i < candidates_.size(); ++i) { // it may grow
    const auto& s = rules_.signatures()[candidates_[i]];
    counters_.candidates.add();
    if (!is_settled(s) &&
        (!header_matches(s.source->header, on) ||
         (s.source->flow && !flow_matches(*s.source->flow, on)) || !protocol_matches(s, on)))
      continue;
    if (!conditions_hold(s, on) || !sections_match(s, on, bytes))
      continue;
    // one alert a packet and rule, though both its payload and the stream were looked at
    const bool already = std::any_of(matches_.begin(), matches_.end(),
                                     [&](const match& m) { return m.signature == &s; });
    if (!already && !take({.signature = &s, .on_stream = true, .inspected = window.bytes}, on))
      break;
    if (!asking_.empty() && on.record->has_state())
      let_in_asking(i);
  }
  stream.raw_done(window.end());
  return true;
}

} // namespace cresset::detect::inspect
