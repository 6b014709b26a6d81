#include "coord/federation/outgoing_stream.hpp"

#include "coord/federation/stream.hpp"

#include <algorithm>

namespace cresset::coord::federation {

using signed_::digest;

outgoing_stream::outgoing_stream(const own_identity& self, peer recipient, stream_store& store,
                                 stream_writer& writer)
    : self_{self}, recipient_{std::move(recipient)}, store_{store}, writer_{writer} {}

stored<void> outgoing_stream::load(timestamp now) {
  auto state = writer_.ensure_open(recipient_.id(), now);
  if (!state)
    return unexpected{state.error()};
  state_ = *std::move(state);
  stand_at(state_.acknowledged);
  return {};
}

stored<void> outgoing_stream::refresh() {
  auto state = store_.outgoing(recipient_.id());
  if (!state)
    return unexpected{state.error()};
  state_ = *std::move(state);
  return {};
}

void outgoing_stream::stand_at(const stream_position& position) {
  acknowledged_ = position;
  rewind();
}

void outgoing_stream::rewind() {
  cursor_ = acknowledged_;
  in_flight_.clear();
}

std::optional<std::size_t> outgoing_stream::index_of(const epoch_id& epoch) const {
  for (std::size_t i = 0; i < state_.epochs.size(); ++i)
    if (state_.epochs[i].epoch == epoch)
      return i;
  return std::nullopt;
}

/// Where an epoch ends: at the entry that the next one names, the newest at the head.
std::uint64_t outgoing_stream::last_sequence(std::size_t index) const {
  if (index + 1 == state_.epochs.size())
    return state_.head.sequence;
  const auto& after = state_.epochs[index + 1].after;
  return after ? after->sequence : 0;
}

std::string outgoing_stream::signed_head(timestamp now) const {
  if (state_.held)
    return {}; // what we know may be less than what we signed once
  return sign(federation::head{self_.id(), recipient_.id(), state_.head, to_rfc3339_ms(now)},
              self_.key);
}

outgoing_stream::objection outgoing_stream::close(std::string reason, alarm_kind kind,
                                                  std::string sentence,
                                                  const open_message& told) const {
  partner_alarm raised{
      kind, recipient_.id(), recipient_.name() + ": " + sentence, {told.has_envelope}};
  return {std::move(reason), std::move(sentence), std::move(raised)};
}

/// Whether the partner shows an envelope that we signed for the place it claims to stand at.
bool outgoing_stream::is_proof(const open_message& told, const signed_::key_record& record) const {
  const auto read = read_envelope(told.has_envelope);
  return read && read->stated.from == self_.id() && read->stated.to == recipient_.id() &&
         read->stated.at.epoch == told.has.epoch && read->stated.at.sequence == told.has.sequence &&
         digest::of(told.has_envelope) == told.has.hash && read->signed_under(record);
}

/// The partner holds entries that our store no longer knows.
std::optional<outgoing_stream::objection>
outgoing_stream::forgot(const open_message& told, std::size_t index, timestamp now) {
  const auto opened = read_opening(state_.epochs[index].opening);
  if (!opened || !is_proof(told, opened->record.record))
    return close("false-claim", alarm_kind::false_claim,
                 "the partner claims entries of ours that we never signed", told);
  if (index + 1 != state_.epochs.size())
    return close("diverged", alarm_kind::diverged,
                 "the partner holds more of an epoch that was followed by another", told);
  const auto common = state_.head;
  if (!writer_.reopen(recipient_.id(), now) || !refresh())
    return objection{"busy", "the database does not answer", std::nullopt};
  stand_at(common);
  return std::nullopt;
}

std::optional<outgoing_stream::objection> outgoing_stream::compare(const open_message& told,
                                                                   timestamp now) {
  if (told.has.epoch.empty()) {
    stand_at({});
    return std::nullopt;
  }
  const auto index = index_of(told.has.epoch);
  if (!index && is_proof(told, self_.record.record))
    return close("diverged", alarm_kind::diverged,
                 "the partner holds an epoch of ours that we forgot", told);
  if (!index)
    return close("false-claim", alarm_kind::false_claim,
                 "the partner claims an epoch that we never opened", told);
  const auto ours = store_.outgoing_hash(recipient_.id(), told.has.epoch, told.has.sequence);
  if (!ours)
    return objection{"busy", "the database does not answer", std::nullopt};
  if (!*ours)
    return forgot(told, *index, now);
  if (**ours != told.has.hash)
    return close("diverged", alarm_kind::diverged,
                 "the partner holds another entry under sequence " +
                     std::to_string(told.has.sequence) + " than we do",
                 told);
  stand_at(told.has);
  // Only a hint for people: what counts is what the partner says when the link opens.
  (void)store_.acknowledge(recipient_.id(), told.has);
  return std::nullopt;
}

std::optional<outgoing_stream::objection> outgoing_stream::resume(const open_message& told,
                                                                  timestamp now) {
  credit_ = told.credit;
  if (auto wrong = compare(told, now))
    return wrong;
  if (state_.held && (!writer_.reopen(recipient_.id(), now) || !refresh()))
    return objection{"busy", "the database does not answer", std::nullopt};
  return std::nullopt;
}

std::optional<partner_alarm> outgoing_stream::acknowledge(const acknowledge_message& told) {
  credit_ = told.credit;
  const auto at = std::find(in_flight_.begin(), in_flight_.end(), told.at);
  if (at != in_flight_.end()) {
    in_flight_.erase(in_flight_.begin(), at + 1);
    acknowledged_ = told.at;
    (void)store_.acknowledge(recipient_.id(), told.at);
  } else if (!(told.at == acknowledged_) && !told.at.epoch.empty()) {
    const auto ours = store_.outgoing_hash(recipient_.id(), told.at.epoch, told.at.sequence);
    if (ours && (!*ours || **ours != told.at.hash))
      return partner_alarm{alarm_kind::diverged,
                           recipient_.id(),
                           recipient_.name() +
                               ": acknowledged an entry that is not ours, sequence " +
                               std::to_string(told.at.sequence),
                           {}};
    // One of ours that is not in flight: an answer that was overtaken. Where to go on says `resend`
    // alone.
    if (told.resend)
      acknowledged_ = told.at;
  } else if (told.at.epoch.empty() && told.resend) {
    acknowledged_ = {};
  }
  if (told.resend)
    rewind();
  return std::nullopt;
}

void outgoing_stream::send_opening(std::size_t index, std::vector<message>& into) {
  const auto& epoch = state_.epochs[index];
  into.push_back(epoch_message{epoch.opening});
  cursor_ = {epoch.epoch, 0, digest::of(epoch.opening)};
  in_flight_.push_back(cursor_);
}

bool outgoing_stream::send_entries(std::size_t index, std::vector<message>& into) {
  const auto room = std::min<std::uint64_t>(
      {credit_ - in_flight_.size(), read_limit, last_sequence(index) - cursor_.sequence});
  const auto entries =
      store_.read_outgoing(recipient_.id(), cursor_, static_cast<std::size_t>(room));
  if (!entries || entries->empty())
    return false;
  for (const stream_entry& entry : *entries) {
    into.push_back(push_message{entry, cursor_.epoch});
    cursor_ = {cursor_.epoch, entry.sequence, digest::of(entry.envelope)};
    in_flight_.push_back(cursor_);
  }
  return true;
}

std::vector<message> outgoing_stream::next() {
  std::vector<message> sent;
  while (in_flight_.size() < credit_ && !state_.epochs.empty()) {
    if (cursor_.epoch.empty()) {
      send_opening(0, sent);
      continue;
    }
    const auto index = index_of(cursor_.epoch);
    if (!index)
      break;
    if (cursor_.sequence < last_sequence(*index)) {
      if (!send_entries(*index, sent))
        break;
    } else if (*index + 1 < state_.epochs.size()) {
      send_opening(*index + 1, sent);
    } else {
      break;
    }
  }
  return sent;
}

} // namespace cresset::coord::federation
