#include "detect/inspect/image.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>
#include <string_view>
#include <tuple>

namespace cresset::detect::inspect {
namespace {

using rule::payload::buffer_source;

constexpr std::array<std::string_view, 5> common_begins{"GET ", "POST ", "HTTP/1", "HEAD ", "SSH-"};

/// `pass` before the others (docs/inspection-model.md section 6).
int action_rank(rule::action a) noexcept {
  switch (a) {
  case rule::action::pass: return 0;
  case rule::action::drop: return 1;
  case rule::action::alert:
  case rule::action::config: return 3;
  default: return 2; // the kinds of reject
  }
}

/// Rules that set flow state before those that test it: 0 sets, 1 sets and tests, 2 the rest.
int state_rank(const rule::rule& r) noexcept {
  const bool sets = std::any_of(r.effects.begin(), r.effects.end(), [](const auto& e) {
    return std::holds_alternative<rule::options::flowbits>(e) ||
           std::holds_alternative<rule::options::flowint>(e) ||
           std::holds_alternative<rule::options::xbits>(e);
  });
  const bool tests = std::any_of(r.conditions.begin(), r.conditions.end(), [](const auto& c) {
    return std::holds_alternative<rule::options::flowbits>(c) ||
           std::holds_alternative<rule::options::flowint>(c) ||
           std::holds_alternative<rule::options::xbits>(c);
  });
  return sets ? (tests ? 1 : 0) : 2;
}

/// The one size of payload a packet rule is for.
std::optional<std::size_t> only_size(const signature& s) noexcept {
  for (const auto& c : s.conditions)
    if (const auto* number = std::get_if<rule::options::number_match>(c.source);
        number != nullptr && number->field == "dsize" && number->test.is_exact())
      return number->test.least;
  return std::nullopt;
}

/// A content or expression that must be there: an empty buffer cannot satisfy it.
bool needs_bytes(const signature& s) noexcept {
  return std::any_of(s.sections.begin(), s.sections.end(), [](const section& one) {
    return !one.tests.is_absent_test &&
           std::any_of(one.source->matches.begin(), one.source->matches.end(),
                       [](const rule::match& m) {
                         const auto* c = std::get_if<rule::payload::content>(&m);
                         return c != nullptr && !c->negated;
                       });
  });
}

bool looks_at_payload(const signature& s) noexcept {
  return std::any_of(s.sections.begin(), s.sections.end(), [](const section& one) {
    return one.source->keyword->source == buffer_source::payload;
  });
}

/// The first event of that layer the rule needs; null without one.
const rule::options::event_match* event_of(const signature& s,
                                           rule::options::event_match::layer layer) noexcept {
  for (const auto& c : s.conditions)
    if (const auto* event = std::get_if<rule::options::event_match>(c.source);
        event != nullptr && event->of == layer)
      return event;
  return nullptr;
}

/// Of a rule about events of transactions: that it can wait for its event unseen. Its gate says all
/// that is asked of packet and flow, and everything else is the transaction's.
bool waits_for_event(const signature& s, const gate& g) noexcept {
  return g.is_whole && !s.is_transactional && s.sections.empty() &&
         std::all_of(s.conditions.begin(), s.conditions.end(), [](const ready_condition& c) {
           return c.of == ready_condition::layer::transaction;
         });
}

/// Bytes in one place that are found more cheaply than a literal anywhere, and not in half of the
/// traffic.
bool is_telling(const probe& p) noexcept {
  const auto size = static_cast<std::size_t>(p.head_behind - p.head_at);
  std::array<char, sizeof p.head> bytes{};
  std::memcpy(bytes.data(), &p.head, sizeof p.head);
  const std::string_view head{bytes.data(), size};
  if (size < 4 || std::set<char>{head.begin(), head.end()}.size() < 3)
    return false;
  return std::none_of(common_begins.begin(), common_begins.end(), [&](std::string_view word) {
    return p.head_at == 0 && head.starts_with(word.substr(0, size));
  });
}

} // namespace

void unit_rules::add(const signature& s) {
  all.push_back(s.index);
  if (!s.lead.literal.empty()) {
    by_literal.add(s.lead.literal, s.lead.nocase, s.index);
  } else if (const auto size = only_size(s)) {
    if (by_size.size() <= *size)
      by_size.resize(*size + 1);
    by_size[*size].push_back(s.index);
  } else if (needs_bytes(s)) {
    without_literal.push_back(s.index);
  } else {
    without_bytes.push_back(s.index);
  }
}

void unit_rules::add(const signature& s, const probe& p) {
  if (!place_index::takes(p) || !(s.lead.literal.empty() || is_telling(p))) {
    add(s);
    return;
  }
  all.push_back(s.index);
  by_place.add(p, s.index);
}

void event_rules::add(std::string_view event, std::uint32_t rule) {
  all.push_back(rule);
  const auto known =
      std::lower_bound(by_event_.begin(), by_event_.end(), event,
                       [](const auto& e, const auto& name) { return e.first < name; });
  if (known != by_event_.end() && known->first == event)
    known->second.push_back(rule);
  else
    by_event_.insert(known, {std::string{event}, {rule}});
}

std::span<const std::uint32_t> event_rules::of(std::string_view event) const noexcept {
  const auto known =
      std::lower_bound(by_event_.begin(), by_event_.end(), event,
                       [](const auto& e, const auto& name) { return e.first < name; });
  return known != by_event_.end() && known->first == event ? std::span{known->second}
                                                           : std::span<const std::uint32_t>{};
}

void header_rules::add(const signature& s) {
  const auto& header = s.source->header;
  all.push_back(s.index);
  if (header.direction == rule::header_direction::both_ways || header.has_any_address())
    always.push_back(s.index);
  else if (!header.source->is_any())
    by_source.add(*header.source, s.index);
  else
    by_destination.add(*header.destination, s.index);
}

image::image(std::span<const std::shared_ptr<const rule::rule>> rules,
             const std::vector<std::uint8_t>& priorities, pattern::database_cache& cache,
             image_inputs inputs)
    : rules_{rules.begin(), rules.end()}, lists_{inputs.lists ? std::move(inputs.lists)
                                                              : std::make_shared<lists::library>()},
      thresholds_{std::move(inputs.thresholds)} {
  signatures_.reserve(rules.size());
  for (std::size_t i = 0; i < rules.size(); ++i) {
    auto made = make_signature(*rules[i], *lists_);
    if (!made) {
      unusable_.push_back({rules[i].get(), made.error()});
      continue;
    }
    made->priority = priorities[i];
    override_thresholds(*made);
    note_limits(*rules[i]);
    signatures_.push_back(*std::move(made));
  }
  std::stable_sort(
      signatures_.begin(), signatures_.end(), [](const signature& a, const signature& b) {
        return std::tuple{action_rank(a.source->header.action), state_rank(*a.source), a.priority} <
               std::tuple{action_rank(b.source->header.action), state_rank(*b.source), b.priority};
      });
  for (std::uint32_t i = 0; i < signatures_.size(); ++i)
    signatures_[i].index = i;
  for (const auto& s : signatures_) {
    gates_.add(s);
    place(s);
  }
  gates_.build();
  each_index(*this, [&](literal_index& index) { index.compile(cache); });
  for (std::size_t way = 0; way < 2; ++way)
    for (auto* unit : {&tcp_packet[way], &stream[way], &datagram[way]})
      unit->by_place.build();
  ip_rules_by_source.build();
  ip_rules_by_destination.build();
  for (auto& rules_of_class : this->header) {
    rules_of_class.by_source.build();
    rules_of_class.by_destination.build();
  }
}

/// Lines of threshold.config: the last that names the rule wins over those for all rules, and
/// either over the rule's own threshold.
void image::override_thresholds(signature& s) const {
  const auto gid = s.source->gid, sid = s.source->sid;
  for (const auto& quiet : thresholds_.suppressions)
    if (quiet.rules.selects(gid, sid))
      s.suppressions.push_back(&quiet);
  for (const auto& rate : thresholds_.rate_filters)
    if (rate.rules.selects(gid, sid))
      s.rate_filters.push_back(&rate);
  bool by_name = false;
  for (const auto& other : thresholds_.thresholds) {
    if (!other.rules.selects(gid, sid) || (by_name && other.rules.sid == 0))
      continue;
    s.threshold = other.threshold;
    by_name = other.rules.sid != 0;
  }
}

void image::note_limits(const rule::rule& from) {
  for (const auto& effect : from.effects) {
    if (std::holds_alternative<rule::options::tls_store>(effect))
      limited_.push_back(
          {&from, "tls_store: certificates are told in events, not stored as files"});
    if (std::holds_alternative<rule::options::packet_mark>(effect))
      limited_.push_back(
          {&from, "nfq_set_mark: this sensor looks on and holds no packets to mark"});
  }
}

bool image::names_address(const five_tuple& tuple) const noexcept {
  const auto& own = header[transport_class(tuple.protocol)];
  const auto& any = header[any_transport];
  return !own.by_source.find(tuple.source).empty() || !any.by_source.find(tuple.source).empty() ||
         !own.by_destination.find(tuple.destination).empty() ||
         !any.by_destination.find(tuple.destination).empty();
}

void image::place(const signature& s) {
  switch (s.kind) {
  case rule_kind::decoder_event:
    if (const auto* event = event_of(s, rule::options::event_match::layer::packet)) {
      decoder_rules.add(event->name, s.index);
    } else {
      decoder_rules.all.push_back(s.index);
      decoder_rules.always.push_back(s.index);
    }
    return;
  case rule_kind::ip_only: place_ip_only(s); return;
  case rule_kind::protocol_only:
    if (s.protocols.none())
      protocol_test_rules.push_back(s.index);
    for (std::size_t p = 0; p < proto::app_protocol_count; ++p)
      if (s.protocols.test(p))
        protocol_rules[p].push_back(s.index);
    return;
  case rule_kind::packet:
  case rule_kind::stream:
  case rule_kind::packet_and_stream:
    if (looks_at_payload(s))
      place_payload(s);
    else
      place_header_only(s);
    return;
  case rule_kind::transaction: place_transaction(s); return;
  case rule_kind::frame: place_frame(s); return;
  }
}

void image::place_ip_only(const signature& s) {
  const auto& names = s.source->header;
  const bool both = names.direction == rule::header_direction::both_ways;
  if (both || names.has_any_address())
    ip_rules.push_back(s.index);
  else if (!names.source->is_any())
    ip_rules_by_source.add(*names.source, s.index);
  else
    ip_rules_by_destination.add(*names.destination, s.index);
}

void image::place_payload(const signature& s) {
  using rule::transport;
  const auto wants = s.source->header.transport;
  const bool any = wants == transport::ip || wants == transport::ipv4 || wants == transport::ipv6;
  if (any || wants == transport::tcp) {
    for (std::size_t way = 0; way < 2; ++way) {
      if (s.ways[way] && s.kind != rule_kind::stream)
        tcp_packet[way].add(s, gates_.probe_of(s.index));
      if (s.ways[way] && s.kind != rule_kind::packet)
        stream[way].add(s, gates_.probe_of(s.index));
    }
  }
  if (any || wants != transport::tcp)
    for (std::size_t way = 0; way < 2; ++way)
      if (s.ways[way])
        datagram[way].add(s, gates_.probe_of(s.index));
}

void image::place_header_only(const signature& s) {
  using rule::transport;
  if (const auto* event = event_of(s, rule::options::event_match::layer::stream)) {
    stream_event_rules.add(event->name, s.index);
    return;
  }
  switch (s.source->header.transport) {
  case transport::tcp: header[0].add(s); return;
  case transport::udp: header[1].add(s); return;
  case transport::icmp:
  case transport::icmpv4:
  case transport::icmpv6: header[2].add(s); return;
  case transport::sctp:
  case transport::other: header[3].add(s); return;
  default: header[any_transport].add(s);
  }
}

void image::place_transaction(const signature& s) {
  const auto* lead_section = s.lead.section == lead::none ? nullptr : &s.sections[s.lead.section];
  for (std::size_t p = 0; p < proto::app_protocol_count; ++p) {
    if (s.protocols.any() && !s.protocols.test(p))
      continue;
    if (lead_section == nullptr) {
      const auto* event = event_of(s, rule::options::event_match::layer::application);
      for (std::size_t way = 0; way < 2; ++way) {
        if (!s.ways[way])
          continue;
        auto& rules = transaction[p][way];
        rules.without_lead.push_back(s.index);
        if (event != nullptr && waits_for_event(s, gates_[s.index]))
          rules.by_event.add(event->name, s.index);
        else
          rules.by_event.always.push_back(s.index);
      }
      continue;
    }
    for (const auto& at : lead_section->places) {
      const auto way = proto::index(at.way);
      if (static_cast<std::size_t>(at.protocol) != p || (!s.ways[way] && !s.is_transactional))
        continue;
      auto& buffers = transaction[p][way].buffers;
      const auto& transforms = lead_section->transforms;
      auto found = std::find_if(buffers.begin(), buffers.end(), [&](const buffer_rules& b) {
        return b.buffer == at.id && b.part == at.part && *b.transforms == transforms;
      });
      if (found == buffers.end()) {
        buffers.push_back(
            {at.id, at.available_at, at.several, at.gathered, at.part, &transforms, {}});
        found = std::prev(buffers.end());
        if (at.part != file_part::none || at.gathered)
          transaction[p][way].growing.push_back(static_cast<std::uint32_t>(buffers.size() - 1));
      }
      found->rules.add(s);
    }
  }
}

void image::place_frame(const signature& s) {
  for (std::size_t p = 0; p < proto::app_protocol_count; ++p) {
    if (!s.protocols.test(p))
      continue;
    auto found = std::find_if(frames[p].begin(), frames[p].end(),
                              [&](const frame_rules& f) { return f.type == s.frame_type; });
    if (found == frames[p].end()) {
      frames[p].push_back({s.frame_type, {}});
      found = std::prev(frames[p].end());
    }
    found->rules.add(s);
  }
}

template <typename Self, typename F>
void image::each_index(Self& self, F&& visit) {
  for (std::size_t way = 0; way < 2; ++way)
    for (auto* unit : {&self.tcp_packet[way], &self.stream[way], &self.datagram[way]})
      visit(unit->by_literal);
  for (auto& protocol : self.transaction)
    for (auto& way : protocol)
      for (auto& buffer : way.buffers)
        visit(buffer.rules.by_literal);
  for (auto& protocol : self.frames)
    for (auto& type : protocol)
      visit(type.rules.by_literal);
}

void image::fit(pattern::scanner& with) const {
  each_index(*this, [&](const literal_index& index) {
    if (!index.fit(with))
      throw std::runtime_error{"not enough memory for the scratch of the literal scan"};
  });
}

std::size_t image::literals() const noexcept {
  std::size_t sum = 0;
  each_index(*this, [&](const literal_index& index) { sum += index.literals(); });
  return sum;
}

} // namespace cresset::detect::inspect
