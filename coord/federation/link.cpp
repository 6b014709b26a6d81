// The life of a link: closed → (open asked, open answered) → open → closed. Both streams run on it,
// each by its own half (incoming_stream, outgoing_stream); this file is the session around them:
// who asks, timers, credit, refusals, alarms. Nothing here is remembered beyond a session; where to
// go on is what the stores of both sides say.
#include "coord/federation/link.hpp"

#include <utility>

namespace cresset::coord::federation {

link::link(const own_identity& self, const peer& partner, role part, stream_store& store,
           stream_writer& writer, link_times times)
    : self_{self}, partner_{partner}, role_{part}, times_{times},
      incoming_{self.id(), partner, store}, outgoing_{self, partner, store, writer} {}

std::vector<message> link::take_messages() {
  return std::exchange(messages_, {});
}
std::vector<partner_alarm> link::take_alarms() {
  return std::exchange(alarms_, {});
}
bool link::take_committed() {
  return std::exchange(committed_, false);
}

link_status link::status() const {
  link_status told = counts_;
  if (state_ == state::open)
    told.now = incoming_halted_ || outgoing_halted_ ? link_status::state::halted
                                                    : link_status::state::open;
  told.trouble = trouble_;
  told.sent = outgoing_.head();
  told.acknowledged = outgoing_.acknowledged();
  told.received = incoming_.committed();
  told.in_flight = outgoing_.in_flight();
  return told;
}

void link::raise(partner_alarm raised, moment now) {
  const auto at = raised_.find(raised.kind);
  if (at != raised_.end() && now.steady - at->second < times_.alarm_again)
    return;
  raised_[raised.kind] = now.steady;
  alarms_.push_back(std::move(raised));
}

void link::receive(const message& told, moment now) {
  heard_ = now.steady;
  std::visit([&](const auto& one) { on(one, now); }, told);
}

void link::connected() {
  if (role_ != role::dials)
    return;
  state_ = state::closed;
  opened_again_ = {};
}

void link::leave() {
  if (state_ == state::open)
    messages_.push_back(close_message{"leaving", "the server stops"});
  state_ = state::closed;
}

// Opening.

void link::ask(moment now) {
  opened_again_ = now.steady;
  if (!load(now)) {
    trouble_ = "the database does not answer";
    return;
  }
  state_ = state::opening;
  send_open("", now);
}

bool link::load(moment now) {
  incoming_halted_ = outgoing_halted_ = false;
  owes_acknowledgement_ = false;
  refused_.reset();
  return incoming_.load().has_value() && outgoing_.load(now.wall).has_value();
}

void link::send_open(const std::string& answers, moment now) {
  const auto envelope = incoming_.committed_envelope();
  if (!envelope)
    return;
  session_ = new_epoch_id();
  open_message told;
  told.from = self_.id();
  told.to = partner_.id();
  told.features = {"receipts"};
  told.session = session_;
  told.answers = answers;
  told.has = incoming_.committed();
  told.credit = told_credit_ = gate_.credit(now.steady);
  told.head = outgoing_.signed_head(now.wall);
  told.has_envelope = *envelope;
  messages_.push_back(std::move(told));
}

bool link::is_for_us(const open_message& told, moment now) {
  if (told.from != partner_.id() || told.to != self_.id()) {
    raise({alarm_kind::wrong_partner,
           partner_.id(),
           partner_.name() + ": opened a link in another name",
           {told.from}},
          now);
    close("not-you", "this link is between " + self_.id() + " and " + partner_.id(), now);
    return false;
  }
  if (told.lowest > wire_version || told.highest < wire_version) {
    close("version", "this server speaks version " + std::to_string(wire_version), now);
    return false;
  }
  return true;
}

void link::on(const open_message& told, moment now) {
  const bool is_answer = !told.answers.empty();
  if (is_answer && (state_ != state::opening || told.answers != session_)) {
    ++counts_.ignored; // of a session that is over
    return;
  }
  if (!is_for_us(told, now))
    return;
  if (!is_answer && !load(now))
    return close("busy", "the database does not answer", now);
  if (!is_answer)
    send_open(told.session, now);
  // None from a partner whose stream is held: it opens a new epoch when it has heard us.
  if (!told.head.empty())
    if (auto objection = incoming_.check_head(told.head); objection && objection->raised)
      raise(*std::move(objection->raised), now);
  if (auto objection = outgoing_.resume(told, now.wall)) {
    if (objection->raised)
      raise(*std::move(objection->raised), now);
    return close(objection->reason, objection->sentence, now);
  }
  state_ = state::open;
  trouble_.clear();
  progress_ = now.steady;
  send_head(now);
  pump(now);
}

void link::close(std::string reason, std::string sentence, moment now) {
  trouble_ = sentence;
  opened_again_ = now.steady + times_.halt - times_.open_again;
  messages_.push_back(close_message{std::move(reason), std::move(sentence)});
  state_ = state::closed;
}

void link::on(const close_message& told, moment now) {
  const bool was_open = state_ == state::open;
  state_ = state::closed;
  trouble_ = partner_.name() + " closed the link (" + told.reason + "): " + told.text;
  // A partner that only forgot the session is asked at once; one that refuses us is not to be
  // hammered.
  if (told.reason == "open-first" && was_open)
    opened_again_ = now.steady - times_.open_again;
}

bool link::in_session(moment now) {
  if (state_ == state::open)
    return true;
  ++counts_.ignored;
  if (role_ == role::listens && now.steady - scolded_ >= times_.open_again) {
    scolded_ = now.steady;
    messages_.push_back(close_message{"open-first", "this link has no session here"});
  }
  return false;
}

// The partner's stream.

bool link::takes_entries(moment now) {
  if (!in_session(now))
    return false;
  // The refusal that halted the stream may have been lost on the way.
  if (incoming_halted_ && refused_ && now.steady - scolded_ >= times_.open_again) {
    scolded_ = now.steady;
    messages_.push_back(*refused_);
  }
  return !incoming_halted_;
}

void link::on(const epoch_message& told, moment now) {
  if (!takes_entries(now))
    return;
  const auto outcome = incoming_.open_epoch(told.opening);
  if (!outcome)
    return refuse(outcome.error(), incoming_.committed().epoch, 0, now);
  owes_acknowledgement_ = true;
  committed_ = true;
}

void link::on(const push_message& told, moment now) {
  if (!takes_entries(now))
    return;
  const auto outcome = incoming_.push(told, gate_);
  if (!outcome)
    return refuse(outcome.error(), told.epoch, told.entry.sequence, now);
  if (*outcome == taken::duplicate) {
    ++counts_.duplicates;
    owes_acknowledgement_ = true;
    return;
  }
  ++counts_.accepted;
  gate_.accepted(now.steady);
  if (incoming_.pending() >= incoming_stream::pending_limit)
    commit(now);
}

void link::on(const head_message& told, moment now) {
  if (!in_session(now))
    return;
  commit(now);
  if (auto objection = incoming_.check_head(told.head); objection && objection->raised)
    raise(*std::move(objection->raised), now);
}

void link::commit(moment now) {
  if (incoming_.pending() == 0)
    return;
  const auto outcome = incoming_.commit();
  if (outcome) {
    owes_acknowledgement_ = true;
    committed_ = true;
    return;
  }
  if (outcome.error() == stream_store_errc::moved && incoming_.load())
    return acknowledge(true, now);
  refuse({refusal::busy, std::string{to_string(outcome.error())}, std::nullopt},
         incoming_.committed().epoch, incoming_.committed().sequence + 1, now);
}

void link::acknowledge(bool resend, moment now) {
  owes_acknowledgement_ = false;
  told_credit_ = gate_.credit(now.steady);
  messages_.push_back(acknowledge_message{incoming_.committed(), told_credit_, resend});
}

void link::refuse(const refused& why, const epoch_id& epoch, std::uint64_t sequence, moment now) {
  ++counts_.refusals;
  if (why.raised)
    raise(*why.raised, now);
  if (why.reason == refusal::out_of_order) {
    // Everything in flight behind a gap is out of order: asked for once, not once for each.
    commit(now);
    if (now.steady - resend_asked_ < times_.open_again && resend_asked_ != clock::time_point{})
      return;
    resend_asked_ = now.steady;
    raise({alarm_kind::out_of_order, partner_.id(), partner_.name() + ": " + why.sentence, {}},
          now);
    return acknowledge(true, now);
  }
  messages_.push_back(
      refuse_message{epoch, sequence, std::string{to_string(why.reason)}, why.sentence});
  if (why.reason != refusal::busy) {
    incoming_halted_ = true;
    halt("we refused what " + partner_.name() + " sent: " + why.sentence, now);
  }
}

// Our stream.

void link::on(const acknowledge_message& told, moment now) {
  if (!in_session(now))
    return;
  if (told.resend)
    ++counts_.resends;
  const auto before = outgoing_.acknowledged();
  if (auto raised = outgoing_.acknowledge(told)) {
    raise(*raised, now);
    return close("diverged", raised->sentence, now);
  }
  if (!(outgoing_.acknowledged() == before))
    progress_ = now.steady;
  pump(now);
}

void link::on(const refuse_message& told, moment now) {
  if (!in_session(now))
    return;
  outgoing_.rewind();
  if (told.reason == to_string(refusal::busy))
    return; // sent again when the time for resending has come
  outgoing_halted_ = true;
  raise({alarm_kind::refused_by_partner,
         partner_.id(),
         partner_.name() + " refused entry " + std::to_string(told.sequence) + " (" + told.reason +
             "): " + told.text,
         {}},
        now);
  halt(partner_.name() + " refused entry " + std::to_string(told.sequence) + ": " + told.text, now);
}

void link::on(const unknown_message&, moment) {
  ++counts_.ignored;
}

void link::halt(std::string sentence, moment now) {
  trouble_ = std::move(sentence);
  halted_at_ = now.steady;
}

void link::pump(moment now) {
  if (state_ != state::open || outgoing_halted_)
    return;
  auto sent = outgoing_.next();
  if (!sent.empty())
    progress_ = now.steady;
  for (auto& one : sent)
    messages_.push_back(std::move(one));
}

void link::send_head(moment now) {
  head_sent_ = now.steady;
  messages_.push_back(head_message{outgoing_.signed_head(now.wall)});
}

// Time.

void link::settle(moment now) {
  if (state_ != state::open)
    return;
  commit(now);
  if (owes_acknowledgement_)
    acknowledge(false, now);
  pump(now);
}

void link::tick_open(moment now) {
  if (outgoing_.refresh() && now.steady - head_sent_ >= times_.head_every)
    send_head(now);
  if (outgoing_.in_flight() != 0 && now.steady - progress_ >= times_.resend_after) {
    ++counts_.resends;
    progress_ = now.steady;
    outgoing_.rewind();
  }
  // A recipient that gave no credit has to say when it has some again.
  if (told_credit_ == 0 && gate_.credit(now.steady) != 0)
    acknowledge(false, now);
  settle(now);
}

void link::tick(moment now) {
  const bool is_silent = state_ == state::open && now.steady - heard_ >= times_.silence;
  const bool was_halted_long_enough = state_ == state::open &&
                                      (incoming_halted_ || outgoing_halted_) &&
                                      now.steady - halted_at_ >= times_.halt;
  if (is_silent) {
    state_ = state::closed;
    trouble_ = partner_.name() + " has been silent for " +
               std::to_string(times_.silence.count() / 1000) + " s";
  }
  if (role_ == role::dials && (state_ != state::open || was_halted_long_enough)) {
    if (now.steady - opened_again_ >= times_.open_again || opened_again_ == clock::time_point{})
      ask(now);
    return;
  }
  if (state_ == state::open)
    tick_open(now);
}

} // namespace cresset::coord::federation
