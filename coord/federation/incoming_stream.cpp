// The receiving side's checks, in the order of the table in docs/federation.md section 5. Cheap
// ones go first, signatures before anything that reads the store, so that nobody without a key in
// force costs more than one signature check. `tip()` is where the next entry must join: behind what
// is pending, else behind what is committed.
#include "coord/federation/incoming_stream.hpp"

#include <algorithm>
#include <utility>

namespace cresset::coord::federation {
namespace {

using signed_::digest;

bool same_bytes(const stream_entry& a, const stream_entry& b) {
  return a.envelope == b.envelope && a.content.seal_bytes == b.content.seal_bytes &&
         a.content.body == b.content.body;
}

refusal refusal_for(signed_::object_errc error) {
  switch (error) {
  case signed_::object_errc::malformed: return refusal::malformed;
  case signed_::object_errc::unknown_key: return refusal::unknown_key;
  case signed_::object_errc::bad_signature: return refusal::bad_signature;
  case signed_::object_errc::hash_mismatch: return refusal::hash_mismatch;
  case signed_::object_errc::seal_mismatch: return refusal::seal_mismatch;
  }
  return refusal::malformed;
}

alarm_kind alarm_for(refusal reason) {
  switch (reason) {
  case refusal::unknown_key:
  case refusal::bad_signature: return alarm_kind::bad_signature;
  case refusal::hash_mismatch:
  case refusal::seal_mismatch: return alarm_kind::hash_mismatch;
  default: return alarm_kind::malformed;
  }
}

} // namespace

incoming_stream::incoming_stream(std::string own_id, peer sender, stream_store& store)
    : own_id_{std::move(own_id)}, sender_{std::move(sender)}, store_{store} {}

stored<void> incoming_stream::load() {
  auto state = store_.incoming(sender_.id());
  if (!state)
    return unexpected{state.error()};
  state_ = *std::move(state);
  pending_.clear();
  in_force_.reset();
  newest_record_ = sender_.record.record.number;
  for (const auto& epoch : state_.epochs)
    if (const auto opened = read_opening(epoch.opening)) {
      in_force_ = opened->record.record;
      newest_record_ = std::max(newest_record_, opened->record.record.number);
    }
  // Only what was verified is stored: an opening that cannot be read now says that the store was
  // damaged.
  if (!state_.epochs.empty() && !in_force_)
    return unexpected{stream_store_errc::unavailable};
  return {};
}

refused incoming_stream::wrong(refusal reason, std::string sentence) const {
  return {reason, std::move(sentence), std::nullopt};
}

refused incoming_stream::alarming(refusal reason, alarm_kind kind, std::string sentence,
                                  std::vector<std::string> evidence) const {
  partner_alarm raised{kind, sender_.id(), sender_.name() + ": " + sentence, std::move(evidence)};
  return {reason, std::move(sentence), std::move(raised)};
}

stream_position incoming_stream::tip() const {
  if (pending_.empty())
    return state_.head;
  const auto& last = pending_.back().entry;
  return {state_.head.epoch, last.sequence, digest::of(last.envelope)};
}

std::optional<signed_::signed_key_record> incoming_stream::take_renewed() {
  return std::exchange(renewed_, std::nullopt);
}

stored<std::string> incoming_stream::committed_envelope() const {
  if (state_.head.sequence == 0)
    return std::string{};
  auto entry = store_.incoming_entry(sender_.id(), state_.head.epoch, state_.head.sequence);
  if (!entry)
    return unexpected{entry.error()};
  return *entry ? std::move((*entry)->envelope) : std::string{};
}

// Openings.

std::optional<refused> incoming_stream::record_objection(const signed_::signed_key_record& record,
                                                         std::string_view bytes) const {
  const auto bad = [&](std::string sentence) {
    return alarming(refusal::bad_key_record, alarm_kind::bad_key_record, std::move(sentence),
                    {std::string{bytes}});
  };
  const auto& pinned = sender_.record;
  if (!(record.record.identity == pinned.record.identity))
    return bad("the key record is signed by another identity key than the pinned one");
  if (record.record.number < newest_record_)
    return bad("the key record has the number " + std::to_string(record.record.number) +
               ", older than number " + std::to_string(newest_record_) + " seen before");
  if (record.record.number == pinned.record.number && record.bytes != pinned.bytes)
    return bad("there are two key records of number " + std::to_string(record.record.number));
  return std::nullopt;
}

std::optional<refused> incoming_stream::why_not_after(const opening& stated,
                                                      std::string_view bytes) const {
  const auto broken = [&](std::string sentence) {
    return alarming(refusal::chain_broken, alarm_kind::chain_broken, std::move(sentence),
                    {std::string{bytes}});
  };
  if (!stated.after)
    return state_.epochs.empty()
               ? std::nullopt
               : std::optional{broken("a new epoch names no common entry, though we hold some")};
  if (state_.epochs.empty() || stated.after->epoch != state_.head.epoch)
    return broken("a new epoch goes on from an epoch that is not the one we hold");
  if (stated.after->sequence > state_.head.sequence)
    return wrong(refusal::out_of_order, "entries before the new epoch are missing");
  digest held;
  if (stated.after->sequence == 0) {
    held = digest::of(state_.epochs.back().opening);
  } else {
    const auto entry =
        store_.incoming_entry(sender_.id(), stated.after->epoch, stated.after->sequence);
    if (!entry || !*entry)
      return wrong(refusal::busy, "the database does not answer");
    held = digest::of((*entry)->envelope);
  }
  if (held != stated.after->hash)
    return broken("a new epoch names a common entry that we hold with another hash");
  return std::nullopt;
}

std::optional<refused> incoming_stream::why_not_open(const opening& stated,
                                                     std::string_view bytes) const {
  if (stated.from != sender_.id() || stated.to != own_id_)
    return alarming(refusal::wrong_stream, alarm_kind::wrong_partner,
                    "an epoch was opened for another pair", {std::string{bytes}});
  if (auto objection = record_objection(stated.record, bytes))
    return objection;
  return why_not_after(stated, bytes);
}

expected<taken, refused> incoming_stream::open_epoch(std::string_view opening_bytes) {
  if (!commit())
    return unexpected{wrong(refusal::busy, "the database does not answer")};
  const auto stated = read_opening(opening_bytes);
  if (!stated)
    return unexpected{alarming(refusal::malformed, alarm_kind::malformed,
                               "an opening cannot be read, or its signature does not hold",
                               {std::string{opening_bytes}})};
  const auto known =
      std::find_if(state_.epochs.begin(), state_.epochs.end(),
                   [&](const stream_epoch& epoch) { return epoch.epoch == stated->epoch; });
  if (known != state_.epochs.end()) {
    if (known->opening == opening_bytes)
      return taken::duplicate;
    return unexpected{alarming(refusal::equivocation, alarm_kind::equivocation,
                               "one epoch was opened twice, differently",
                               {known->opening, std::string{opening_bytes}})};
  }
  if (auto objection = why_not_open(*stated, opening_bytes))
    return unexpected{*std::move(objection)};
  const auto opened = store_.open_incoming(
      sender_.id(), state_.head, {stated->epoch, std::string{opening_bytes}, stated->after});
  if (!opened || !load())
    return unexpected{wrong(refusal::busy, "the database does not answer")};
  if (stated->record.record.number > sender_.record.record.number) {
    sender_.record = stated->record;
    renewed_ = stated->record;
  }
  return taken::accepted;
}

// Entries.

std::optional<refused> incoming_stream::envelope_objection(const push_message& told,
                                                           const claimed<envelope>& read) const {
  const auto& stated = read.stated;
  if (stated.from != sender_.id() || stated.to != own_id_)
    return alarming(refusal::wrong_stream, alarm_kind::wrong_partner,
                    "an envelope of another stream arrived", {told.entry.envelope});
  if (stated.at.epoch != told.epoch || stated.at.sequence != told.entry.sequence)
    return alarming(refusal::malformed, alarm_kind::malformed,
                    "the message's header and its envelope differ", {told.entry.envelope});
  if (in_force_->signing_key_of(read.document.key_id()) == nullptr)
    return alarming(refusal::unknown_key, alarm_kind::bad_signature,
                    "an envelope is signed by a key that is not in force", {told.entry.envelope});
  if (!read.signed_under(*in_force_))
    return alarming(refusal::bad_signature, alarm_kind::bad_signature,
                    "an envelope's signature does not hold", {told.entry.envelope});
  return std::nullopt;
}

/// An entry at or before the tip: the same bytes again, or two truths under one number.
expected<taken, refused> incoming_stream::compare_with_stored(const push_message& told) const {
  std::optional<stream_entry> held;
  for (const auto& waiting : pending_)
    if (waiting.entry.sequence == told.entry.sequence)
      held = waiting.entry;
  if (!held) {
    auto entry = store_.incoming_entry(sender_.id(), told.epoch, told.entry.sequence);
    if (!entry || !*entry)
      return unexpected{wrong(refusal::busy, "the database does not answer")};
    held = *std::move(*entry);
  }
  if (same_bytes(*held, told.entry))
    return taken::duplicate;
  if (held->envelope == told.entry.envelope)
    return unexpected{
        alarming(refusal::hash_mismatch, alarm_kind::hash_mismatch,
                 "entry " + std::to_string(told.entry.sequence) + " came again with other content",
                 {told.entry.envelope, told.entry.content.seal_bytes})};
  return unexpected{alarming(refusal::equivocation, alarm_kind::equivocation,
                             "two different entries were signed under sequence " +
                                 std::to_string(told.entry.sequence),
                             {held->envelope, told.entry.envelope})};
}

std::optional<refused> incoming_stream::body_objection(const signed_::seal& stated,
                                                       const stream_entry& entry) const {
  std::string held_seal;
  for (const auto& waiting : pending_)
    if (waiting.seal.id == stated.id && waiting.seal.version == stated.version &&
        waiting.seal.body != stated.body)
      held_seal = waiting.entry.content.seal_bytes;
  if (held_seal.empty()) {
    const auto held = store_.incoming_object(sender_.id(), stated.id, stated.version);
    if (!held)
      return wrong(refusal::busy, "the database does not answer");
    if (*held && (*held)->content.body != entry.content.body)
      held_seal = (*held)->content.seal_bytes;
  }
  if (held_seal.empty())
    return std::nullopt;
  return alarming(refusal::equivocation, alarm_kind::equivocation,
                  "object " + stated.id + " came twice in version \"" + stated.version +
                      "\" with different bodies",
                  {held_seal, entry.content.seal_bytes});
}

expected<taken, refused> incoming_stream::take(const push_message& told,
                                               const claimed<envelope>& read,
                                               const ingress_gate& gate) {
  const auto& entry = told.entry;
  if (read.stated.object != digest::of(entry.content.seal_bytes))
    return unexpected{alarming(refusal::hash_mismatch, alarm_kind::hash_mismatch,
                               "the seal is not the one in the envelope",
                               {entry.envelope, entry.content.seal_bytes})};
  const auto stated = verify_object(entry.content, *in_force_);
  if (!stated) {
    const auto reason = refusal_for(stated.error());
    return unexpected{alarming(reason, alarm_for(reason), std::string{to_string(stated.error())},
                               {entry.envelope, entry.content.seal_bytes})};
  }
  if (auto objection = body_objection(*stated, entry))
    return unexpected{*std::move(objection)};
  auto [what, note] = gate.judge(*stated, entry.content.body);
  pending_.push_back({entry, *stated, what, std::move(note), read.stated.released});
  return taken::accepted;
}

expected<taken, refused> incoming_stream::push(const push_message& told, const ingress_gate& gate) {
  if (state_.epochs.empty() || told.epoch != state_.head.epoch) {
    const bool is_past =
        std::any_of(state_.epochs.begin(), state_.epochs.end(),
                    [&](const stream_epoch& epoch) { return epoch.epoch == told.epoch; });
    if (is_past)
      return taken::duplicate; // sent again from before the epoch that we hold already
    return unexpected{wrong(refusal::out_of_order, "the epoch of this entry was not opened here")};
  }
  const auto read = read_envelope(told.entry.envelope);
  if (!read)
    return unexpected{alarming(refusal::malformed, alarm_kind::malformed,
                               "an envelope cannot be read", {told.entry.envelope})};
  if (auto objection = envelope_objection(told, *read))
    return unexpected{*std::move(objection)};
  switch (judge(tip().in_chain(), read->stated.at.sequence, read->stated.at.hash)) {
  case signed_::chain_verdict::behind: return compare_with_stored(told);
  case signed_::chain_verdict::gap:
    return unexpected{wrong(refusal::out_of_order,
                            "entry " + std::to_string(told.entry.sequence) + " came, entry " +
                                std::to_string(tip().sequence + 1) + " is the next one")};
  case signed_::chain_verdict::broken:
    return unexpected{
        alarming(refusal::chain_broken, alarm_kind::chain_broken,
                 "entry " + std::to_string(told.entry.sequence) + " does not follow what we hold",
                 {told.entry.envelope})};
  case signed_::chain_verdict::next: break;
  }
  return take(told, *read, gate);
}

std::optional<refused> incoming_stream::check_head(std::string_view head_bytes) const {
  const auto read = read_head(head_bytes);
  if (!read)
    return alarming(refusal::malformed, alarm_kind::malformed, "a head cannot be read",
                    {std::string{head_bytes}});
  const auto& stated = read->stated;
  if (stated.from != sender_.id() || stated.to != own_id_)
    return alarming(refusal::wrong_stream, alarm_kind::wrong_partner,
                    "a head of another stream arrived", {std::string{head_bytes}});
  const bool is_known =
      std::any_of(state_.epochs.begin(), state_.epochs.end(),
                  [&](const stream_epoch& epoch) { return epoch.epoch == stated.at.epoch; });
  if (!is_known)
    return std::nullopt; // its opening is still to come, and is what will be verified
  if (stated.at.epoch != state_.head.epoch)
    return alarming(refusal::chain_broken, alarm_kind::truncated,
                    "the stream ends in an epoch that was followed by another",
                    {std::string{head_bytes}});
  if (!read->signed_under(*in_force_))
    return alarming(refusal::bad_signature, alarm_kind::bad_signature,
                    "a head's signature does not hold", {std::string{head_bytes}});
  if (stated.at.sequence < state_.head.sequence)
    return alarming(refusal::chain_broken, alarm_kind::truncated,
                    "the stream has " + std::to_string(stated.at.sequence) +
                        " entries by its sender's word, and we hold " +
                        std::to_string(state_.head.sequence),
                    {std::string{head_bytes}});
  if (stated.at.sequence == state_.head.sequence && stated.at.hash != state_.head.hash)
    return alarming(refusal::equivocation, alarm_kind::equivocation,
                    "the stream's head has another hash than what we hold",
                    {std::string{head_bytes}});
  return std::nullopt;
}

stored<void> incoming_stream::commit() {
  if (pending_.empty())
    return {};
  const auto entries = std::exchange(pending_, {});
  const auto moved_to = store_.append_incoming(sender_.id(), state_.head, entries);
  if (!moved_to)
    return unexpected{moved_to.error()};
  state_.head = *moved_to;
  return {};
}

} // namespace cresset::coord::federation
