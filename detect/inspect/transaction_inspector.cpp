// A rule about transactions is found by its lead: the buffer (and, with the scanning plan, the
// literal in it) that excludes most. When the transaction has passed the lead buffer's progress the
// rule's conditions and its lead are judged, once; what holds waits in the transaction's record
// until its other buffers are there. A rule without a lead is judged as soon as the transaction is
// seen.
#include "detect/inspect/transaction_inspector.hpp"

#include "detect/inspect/file_condition.hpp"
#include "detect/inspect/header_match.hpp"
#include "detect/inspect/packet_field.hpp"

#include <algorithm>

namespace cresset::detect::inspect {

using rule::payload::buffer_source;

transaction_inspector::transaction_inspector(inspector& with, subject& on) noexcept
    : with_{with}, on_{on}, way_{proto::index(on.way)}, traffic_{with.traffic_} {
  const auto name = on.flow->parser->protocol();
  if (name.data() == on.record->protocol_name.data()) // as a rule: one look-up a flow
    protocol_ = on.record->protocol;
  else
    protocol_ = proto::app_protocol_from(name).value_or(proto::app_protocol::unknown);
  traffic_.protocol = ~std::uint64_t{0}; // the image lists rules by the parser's protocol
}

void transaction_inspector::run() {
  for (const auto* tx : on_.flow->parser->transactions()) {
    if (!tx->concerns(on_.way))
      continue;
    if (!inspect(*tx, on_.record->of(tx->number())))
      return;
  }
}

bool transaction_inspector::inspect(const proto::transaction& tx, transaction_record& record) {
  const auto& rules = with_.rules_.transaction[static_cast<std::size_t>(protocol_)][way_];
  if (tx.progress_of(on_.way) == 0)
    return true;
  if (record.seen[way_] == proto::progress_done && record.waiting[way_].empty() &&
      record.waiting[both_ways].empty())
    return true; // nothing of it is new, and nothing waits
  record_ = &record;
  with_.begin_candidates();
  if (!rules.empty() && record.seen[way_] != proto::progress_done)
    gather(tx, record, rules);
  record.seen[way_] = tx.progress_of(on_.way);
  std::sort(with_.candidates_.begin(), with_.candidates_.end());
  for (const auto index : with_.candidates_)
    consider(with_.rules_.signatures()[index], tx, record);
  return judge_waiting(tx, record, record.waiting[way_]) &&
         judge_waiting(tx, record, record.waiting[both_ways]);
}

void transaction_inspector::consider(const signature& s, const proto::transaction& tx,
                                     transaction_record& record) {
  if (with_.settings_.naive || s.is_transactional ||
      with_.rules_.gates_of_rules().admits(s.index, traffic_))
    take_in(s, tx, record);
}

/// Takes a candidate among the waiting rules when its lead matches and its conditions hold.
void transaction_inspector::take_in(const signature& s, const proto::transaction& tx,
                                    transaction_record& record) {
  const auto list = s.is_transactional ? both_ways : way_;
  auto& waiting = record.waiting[list];
  if (std::any_of(waiting.begin(), waiting.end(),
                  [&](const auto& w) { return w.signature == s.index; }) ||
      has_alerted(s, record))
    return;
  with_.counters_.candidates.add();
  transaction_record::waiting_rule next{.signature = s.index};
  if (!accept(s, tx, next))
    return;
  if (waiting.size() >= transaction_record::limit_waiting)
    with_.counters_.waiting_refused.add();
  else
    waiting.push_back(next);
}

bool transaction_inspector::judge_waiting(const proto::transaction& tx, transaction_record& record,
                                          std::vector<transaction_record::waiting_rule>& waiting) {
  bool goes_on = true;
  std::sort(waiting.begin(), waiting.end(),
            [](const auto& a, const auto& b) { return a.signature < b.signature; });
  std::erase_if(waiting, [&](auto& w) {
    if (!goes_on)
      return false;
    const auto& s = with_.rules_.signatures()[w.signature];
    const auto v = judge(s, tx, w);
    if (v == verdict::matched)
      goes_on = s.is_about_files ? report_files(s, tx, record) : report(s, tx, record);
    // a rule about files goes on with the files to come
    return v == verdict::failed ||
           (v == verdict::matched &&
            (!s.is_about_files || (s.is_transactional ? tx.is_done() : tx.is_done(on_.way))));
  });
  return goes_on;
}

void transaction_inspector::gather(const proto::transaction& tx, transaction_record& record,
                                   const transaction_rules& rules) {
  if (!std::exchange(record.begun[way_], true)) {
    with_.try_rules(with_.settings_.naive ? rules.without_lead : rules.by_event.always);
    record.first_state[way_] = traffic_.state;
  }
  if (!with_.settings_.naive)
    gather_by_events(tx, record, rules.by_event);
  for (const auto i : rules.growing) {
    const auto& buffer = rules.buffers[i];
    if (buffer.part != file_part::none)
      gather_from_files(tx, record, buffer, i);
    else if (const auto body = tx.body(buffer.buffer); body.total != 0)
      gather_growing(body, tx.is_done(on_.way) || on_.is_last, seen_of(record, i, 0), buffer);
  }
  const auto before = record.seen[way_], now = tx.progress_of(on_.way);
  if (before == now)
    return;
  for (const auto& buffer : rules.buffers)
    if (buffer.part == file_part::none && !buffer.gathered && before < buffer.available_at &&
        now >= buffer.available_at)
      gather_from(tx, buffer);
}

/// The rules of events raised since the last run. They were candidates from the begin: it is the
/// flow's state then that their gates ask for.
void transaction_inspector::gather_by_events(const proto::transaction& tx,
                                             transaction_record& record, const event_rules& rules) {
  const auto events = tx.events();
  auto then = traffic_;
  then.state = record.first_state[way_];
  for (; record.events_looked_at[way_] < events.size(); ++record.events_looked_at[way_])
    for (const auto rule : rules.of(events[record.events_looked_at[way_]]))
      if (with_.rules_.gates_of_rules().admits(rule, then))
        take_in(with_.rules_.signatures()[rule], tx, record);
}

transaction_record::gathered& transaction_inspector::seen_of(transaction_record& record,
                                                             std::size_t place,
                                                             std::size_t file) const {
  auto& bodies = record.bodies[way_];
  const auto known = std::find_if(bodies.begin(), bodies.end(), [&](const auto& one) {
    return one.place == place && one.file == file;
  });
  if (known != bodies.end())
    return *known;
  return bodies.emplace_back(transaction_record::gathered{place, file, 0, {}});
}

/// Looks at each growth that is worth it; of what came before only the rules found are kept.
void transaction_inspector::gather_growing(const proto::body_view& body, bool is_final,
                                           transaction_record::gathered& known,
                                           const buffer_rules& buffer) {
  constexpr std::array<std::uint64_t, 2> first{32 * 1024, 40 * 1024}, growth{4 * 1024, 16 * 1024};
  const auto have = body.offset + body.bytes.size();
  const auto seen = known.seen;
  // what stands before a gap goes when bytes come behind it
  const bool is_at_gap = body.has_gap && have < body.total;
  const bool complete = body.complete || is_final || is_at_gap;
  if (have <= seen || (!complete && have < (seen == 0 ? first[way_] : seen + growth[way_])))
    return;
  known.seen = have;
  if (with_.settings_.naive || !buffer.transforms->empty()) {
    try_bytes(buffer, body.bytes);
    return;
  }
  with_.try_rules(buffer.rules.without_bytes);
  with_.try_rules(buffer.rules.without_literal);
  const auto fresh = std::min<std::uint64_t>(have - seen, body.bytes.size());
  with_.scan_growing(buffer.rules, body.bytes, static_cast<std::size_t>(fresh), have, known.found,
                     false);
}

void transaction_inspector::try_bytes(const buffer_rules& buffer, byte_view bytes) {
  std::vector<std::byte> changed;
  if (buffer.transforms->empty())
    with_.try_unit(buffer.rules, bytes);
  else if (buffer.transforms->apply(bytes, changed, with_.work_.regex))
    with_.try_unit(buffer.rules, changed);
}

void transaction_inspector::gather_from(const proto::transaction& tx, const buffer_rules& buffer) {
  for (std::size_t i = 0, count = tx.instances(buffer.buffer); i < count; ++i)
    if (const auto bytes = tx.buffer(buffer.buffer, i))
      try_bytes(buffer, *bytes);
}

/// Each file by itself: its name once, its kind when it is known, its bytes as they grow.
void transaction_inspector::gather_from_files(const proto::transaction& tx,
                                              transaction_record& record,
                                              const buffer_rules& buffer, std::size_t place) {
  const bool is_final = tx.is_done(on_.way) || on_.is_last;
  for (std::uint32_t i = 0; i < tx.files(on_.way); ++i) {
    const auto file = tx.file(on_.way, i);
    auto& known = seen_of(record, place, i);
    if (buffer.part == file_part::data) {
      gather_growing(file.content, is_final || file.truncated, known, buffer);
      continue;
    }
    const std::string_view text =
        buffer.part == file_part::name ? file.name : magic_of(file, on_.way, i);
    if (!text.empty() && std::exchange(known.seen, 1) == 0)
      try_bytes(buffer, as_bytes(text));
  }
}

bool transaction_inspector::accept(const signature& s, const proto::transaction& tx,
                                   transaction_record::waiting_rule& waiting) {
  if (s.is_transactional || !with_.is_settled(s)) {
    auto as_client = on_;
    if (s.is_transactional && on_.way == proto::direction::to_client)
      as_client.tuple = on_.tuple.reversed(); // the header of a rule over both directions names
                                              // client, then server
    if (!header_matches(s.source->header, as_client) ||
        (s.source->flow && !flow_matches(*s.source->flow, on_)))
      return false;
  }
  if (!with_.conditions_hold(s, on_))
    return false;
  if (s.lead.section == lead::none)
    return true;
  if (judge_section(s, s.lead.section, tx) != verdict::matched)
    return false;
  waiting.sections |= std::uint64_t{1} << s.lead.section;
  return true;
}

/// A rule is silent behind its alert for that transaction and direction. One about an event that
/// made the parser give up is silent in the other direction as well: nothing came there any more.
bool transaction_inspector::has_alerted(const signature& s,
                                        const transaction_record& record) const noexcept {
  const auto is_in = [&](std::size_t list) {
    const auto& alerted = record.alerted[list];
    return std::find(alerted.begin(), alerted.end(), s.index) != alerted.end();
  };
  return is_in(s.is_transactional ? both_ways : way_) ||
         (s.is_about_events && on_.flow->parser_gave_up() && is_in(1 - way_));
}

transaction_inspector::verdict
transaction_inspector::judge(const signature& s, const proto::transaction& tx,
                             transaction_record::waiting_rule& waiting) {
  bool waits = false;
  for (std::size_t i = 0; i < s.sections.size(); ++i) {
    const auto bit = std::uint64_t{1} << i;
    if ((waiting.sections & bit) != 0)
      continue;
    switch (judge_section(s, i, tx)) {
    case verdict::matched: waiting.sections |= bit; break;
    case verdict::waits: waits = true; break;
    case verdict::failed: return verdict::failed;
    }
  }
  const auto numbers = judge_conditions(s, tx);
  if (numbers == verdict::failed)
    return verdict::failed;
  return waits || numbers == verdict::waits ? verdict::waits : verdict::matched;
}

transaction_inspector::verdict
transaction_inspector::judge_conditions(const signature& s, const proto::transaction& tx) {
  bool waits = false;
  for (const auto& c : s.conditions) {
    if (c.of != ready_condition::layer::transaction)
      continue;
    if (!is_available(c, tx, protocol_, on_.way))
      waits = true;
    else if (!holds(c, tx, protocol_, on_)) {
      if (tx.is_done(on_.way) || !c.places.empty())
        return verdict::failed;
      waits = true; // an event may still be raised
    }
  }
  return waits ? (tx.is_done(on_.way) ? verdict::failed : verdict::waits) : verdict::matched;
}

transaction_inspector::verdict transaction_inspector::judge_section(const signature& s,
                                                                    std::size_t index,
                                                                    const proto::transaction& tx) {
  const auto& one = s.sections[index];
  switch (one.source->keyword->source) {
  case buffer_source::payload:
    return payload_matches(one)                 ? verdict::matched
           : tx.is_done(on_.way) || on_.is_last ? verdict::failed
                                                : verdict::waits;
  case buffer_source::decoded:
  case buffer_source::packet: {
    byte_view bytes = on_.payload();
    if (one.source->keyword->source == buffer_source::packet)
      bytes = packet_buffer(one.source->name(), on_).value_or(byte_view{});
    if (one.source->keyword->source == buffer_source::decoded) {
      // what was decoded last may be another rule's: the section before it decodes once more
      if (index > 0 && judge_section(s, index - 1, tx) == verdict::waits)
        return verdict::waits;
      bytes = with_.work_.decoded;
    }
    const std::vector<std::byte> copy{bytes.begin(), bytes.end()};
    return buffer::matches(one.tests, {.bytes = copy}, with_.work_) ? verdict::matched
                                                                    : verdict::failed;
  }
  default: break;
  }
  bool available = false, present = false;
  for (const auto& at : one.places) {
    // a rule over both directions looks at either from any run
    if (at.protocol != protocol_ || (at.way != on_.way && !s.is_transactional))
      continue;
    const bool ready =
        tx.progress_of(at.way) >= at.available_at || tx.is_done(at.way) || on_.is_last;
    present = present || (at.part != file_part::none ? tx.files(at.way) != 0
                          : at.gathered              ? tx.body(at.id).total != 0
                                                     : tx.instances(at.id) != 0);
    available = available || ready;
    if ((ready || at.gathered) && place_matches(one, at, tx))
      return verdict::matched;
  }
  if (available && !present && one.tests.is_absent_test)
    return verdict::matched;
  return available ? verdict::failed : verdict::waits;
}

/// Raw contents beside buffers look at the packet, or at what is retained of the stream: the
/// transaction's bytes came with earlier packets.
bool transaction_inspector::payload_matches(const section& one) {
  const auto holds = [&](byte_view bytes, bool from_start) {
    if (bytes.empty())
      return false;
    const std::vector<std::byte> copy{bytes.begin(), bytes.end()};
    return buffer::matches(one.tests, {.bytes = copy, .from_start = from_start}, with_.work_);
  };
  if (holds(on_.payload(), true))
    return true;
  if (on_.flow == nullptr || !on_.flow->session)
    return false;
  const auto window = on_.flow->session->stream(on_.way).window();
  return holds(window.bytes, window.offset == 0);
}

bool transaction_inspector::place_matches(const section& one, const table_place& at,
                                          const proto::transaction& tx) {
  if (at.part != file_part::none) {
    for (std::uint32_t i = 0; i < tx.files(at.way); ++i)
      if (part_matches(one, tx, at.way, i))
        return true;
    return false;
  }
  if (at.gathered) {
    const auto body = tx.body(at.id);
    return body.total != 0 && chain_matches(one, tx, body.bytes);
  }
  for (std::size_t i = 0, count = tx.instances(at.id); i < count; ++i)
    if (const auto bytes = tx.buffer(at.id, i); bytes && chain_matches(one, tx, *bytes))
      return true;
  return false;
}

bool transaction_inspector::chain_matches(const section& one, const proto::transaction& tx,
                                          byte_view bytes) {
  using rule::payload::byte_order;
  buffer::window on{.bytes = bytes};
  on.dce_order = tx.numbers_are_little_endian() ? byte_order::little : byte_order::big;
  std::vector<std::byte> changed;
  if (!one.transforms.empty()) {
    if (!one.transforms.apply(bytes, changed, with_.work_.regex))
      return false;
    on.bytes = changed;
  }
  return buffer::matches(one.tests, on, with_.work_);
}

bool transaction_inspector::report(const signature& s, const proto::transaction& tx,
                                   transaction_record& record) {
  if (s.is_about_events && has_alerted(s, record)) // it may have waited in both directions
    return true;
  record.alerted[s.is_transactional ? both_ways : way_].push_back(s.index);
  return with_.take({.signature = &s, .transaction = &tx}, on_);
}

bool transaction_inspector::report_files(const signature& s, const proto::transaction& tx,
                                         transaction_record& record) {
  for (std::uint32_t i = 0; i < tx.files(on_.way); ++i) {
    const std::pair key{s.index, i * 2 + static_cast<std::uint32_t>(way_)};
    if (std::find(record.alerted_files.begin(), record.alerted_files.end(), key) !=
        record.alerted_files.end())
      continue;
    if (!file_matches(s, tx, i))
      continue;
    record.alerted_files.push_back(key);
    store(s, record, i);
    if (!with_.take({.signature = &s, .transaction = &tx, .file = i}, on_))
      return false;
  }
  return true;
}

/// All that the rule says of files holds for this one.
bool transaction_inspector::file_matches(const signature& s, const proto::transaction& tx,
                                         std::uint32_t place) {
  const auto file = tx.file(on_.way, place);
  for (const auto& c : s.conditions) {
    if (c.of != ready_condition::layer::file)
      continue;
    const auto* text = std::get_if<rule::options::text_match>(c.source);
    const bool needs_magic = text != nullptr && text->field == "filemagic";
    const std::string none;
    if (!holds(c, file_facts{file, needs_magic ? magic_of(file, on_.way, place) : none}))
      return false;
  }
  return std::all_of(s.sections.begin(), s.sections.end(), [&](const section& one) {
    return one.places.empty() || one.places.front().part == file_part::none ||
           one.tests.is_absent_test || part_matches(one, tx, on_.way, place);
  });
}

bool transaction_inspector::part_matches(const section& one, const proto::transaction& tx,
                                         proto::direction way, std::uint32_t place) {
  const auto file = tx.file(way, place);
  switch (one.places.front().part) {
  case file_part::name: return !file.name.empty() && chain_matches(one, tx, as_bytes(file.name));
  case file_part::magic: {
    const auto& magic = magic_of(file, way, place);
    return !magic.empty() && chain_matches(one, tx, as_bytes(magic));
  }
  default: return file.content.total != 0 && chain_matches(one, tx, file.content.bytes);
  }
}

const std::string& transaction_inspector::magic_of(const proto::file_view& file,
                                                   proto::direction way, std::uint32_t place) {
  auto& known = record_->file(way, place);
  const bool is_enough = file.content.complete || file.truncated || on_.is_last ||
                         file.content.bytes.size() >= file_magic::looked_at_bytes;
  if (!known.magic_is_final && is_enough && file.content.offset == 0) {
    known.magic = with_.magic_.of(file.content.bytes);
    known.magic_is_final = true;
  }
  return known.magic;
}

/// What `filestore` asks for; whoever writes files looks at the records.
void transaction_inspector::store(const signature& s, transaction_record& record,
                                  std::uint32_t place) {
  using rule::options::filestore;
  for (const auto& effect : s.source->effects) {
    const auto* wish = std::get_if<filestore>(&effect);
    if (wish == nullptr)
      continue;
    const bool other = (wish->of == filestore::side::to_server && way_ != 0) ||
                       (wish->of == filestore::side::to_client && way_ != 1);
    if (!other) {
      auto& file = record.file(on_.way, place);
      file.wants_storage = true;
      if (std::find(file.sids.begin(), file.sids.end(), s.source->sid) == file.sids.end())
        file.sids.push_back(s.source->sid);
    }
    record.stores_files |= wish->what == filestore::scope::transaction;
    for (std::size_t way = 0; way < 2; ++way)
      on_.record->stores_files[way] |=
          wish->what == filestore::scope::flow &&
          (wish->of == filestore::side::both || (way == way_ ? !other : other));
  }
}

} // namespace cresset::detect::inspect
