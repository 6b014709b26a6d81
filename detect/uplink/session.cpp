// The sensor's half of the protocol as a state machine.
//
//   open ──hello──▶ greeting ──welcome──▶ running ──(silence, bye, nonsense)──▶ end: the caller
//   connects anew
//
// Batches go out in order from next_to_send_; a `resume` or `busy` moves next_to_send_ and begins a
// new round. An answer that names an older round was caused by a batch of before the move and is
// ignored, so that one fault is answered once.
#include "detect/uplink/session.hpp"

#include <algorithm>

namespace cresset::detect::uplink {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds default_heartbeat{2000};
constexpr int silent_heartbeats = 3;
// Batches show that we are there, but not how much waits behind them, nor what our clock says.
constexpr int heartbeats_under_load = 5;
constexpr milliseconds superseded_pause{60000};
constexpr milliseconds rejected_pause{10000};
constexpr milliseconds version_pause{60000};

reaction finish(session_end::reason why, std::string text,
                milliseconds retry_after = milliseconds{0}) {
  reaction result;
  result.end = session_end{why, std::move(text), retry_after};
  return result;
}

} // namespace

std::vector<std::byte> session::open(std::uint64_t session_id, const spool_position& held,
                                     instant now, timestamp wall) {
  *this = session{options_};
  id_ = session_id;
  held_next_ = held.next;
  heard_ = said_ = beat_ = progress_ = now;
  alert::hello_message hello;
  hello.epoch = held.epoch;
  hello.first = held.first;
  hello.next = held.next;
  hello.software = options_.software;
  hello.clock = wall;
  return alert::write_message(id_, hello);
}

reaction session::receive(byte_view message, instant now) {
  const auto read = alert::read_server_message(message);
  if (!read)
    return finish(session_end::reason::malformed,
                  "the server sent a message that is not of this protocol", rejected_pause);
  if (read->session != id_) {
    ++counters_.ignored;
    return {};
  }
  heard_ = now;
  return std::visit([&](const auto& body) { return on(body, now); }, read->body);
}

reaction session::on(const alert::welcome_message& welcome, instant now) {
  if (welcome_) {
    ++counters_.ignored;
    return {};
  }
  if (welcome.version != alert::uplink_version)
    return finish(session_end::reason::version,
                  "the server answers in a version of the protocol this sensor does not know",
                  version_pause);
  if (welcome.resume_from > held_next_) {
    auto result = finish(session_end::reason::unknown_session,
                         "the server knows more of this spool than it holds (restored or copied "
                         "folder?); numbering anew");
    result.begin_epoch = true;
    return result;
  }
  welcome_ = welcome;
  next_to_send_ = welcome.resume_from;
  progress_ = now;
  acknowledged_ = welcome.resume_from - 1;
  reaction result;
  if (acknowledged_ > 0)
    result.acknowledge_through = acknowledged_; // the cursor is behind a commit
  return result;
}

reaction session::on(const alert::ack_message& ack, instant now) {
  if (!welcome_ || ack.through <= acknowledged_) {
    ++counters_.ignored;
    return {};
  }
  if (ack.through >= held_next_)
    return finish(session_end::reason::malformed,
                  "the server acknowledged alerts that were never sent", rejected_pause);
  ++counters_.acks;
  acknowledged_ = ack.through;
  next_to_send_ = std::max(next_to_send_, ack.through + 1);
  while (!open_.empty() && open_.front() <= ack.through)
    open_.pop_front();
  progress_ = now;
  busy_pause_ = milliseconds{0};
  reaction result;
  result.acknowledge_through = ack.through;
  return result;
}

reaction session::on(const alert::resume_message& resume, instant now) {
  if (!welcome_ || resume.round != round_) {
    ++counters_.ignored;
    return {};
  }
  if (resume.from == 0 || resume.from > held_next_)
    return finish(session_end::reason::malformed, "the server asks for alerts that were never sent",
                  rejected_pause);
  if (resume.from <= acknowledged_)
    return finish(session_end::reason::unknown_session,
                  "the server has gone back behind what it confirmed (restored from a backup?)");
  ++counters_.resumes;
  go_to(resume.from);
  progress_ = now;
  return {};
}

reaction session::on(const alert::busy_message& busy, instant now) {
  if (!welcome_ || busy.round != round_) {
    ++counters_.ignored;
    return {};
  }
  if (busy.from == 0 || busy.from > held_next_)
    return finish(session_end::reason::malformed, "the server asks for alerts that were never sent",
                  rejected_pause);
  ++counters_.busy;
  go_to(busy.from);
  progress_ = now;
  busy_pause_ =
      std::min(options_.busy_pause_limit, std::max(milliseconds{busy.retry_ms}, busy_pause_ * 2));
  paused_until_ = now + busy_pause_;
  return {};
}

reaction session::on(const alert::bye_message& bye, instant) {
  const auto said = bye.text.empty() ? std::string{"no reason given"} : bye.text;
  switch (bye.reason) {
  case alert::bye_reason::malformed:
    return finish(session_end::reason::rejected, "the server refused a message of ours: " + said,
                  rejected_pause);
  case alert::bye_reason::superseded:
    return finish(
        session_end::reason::superseded,
        "another sensor connected with this sensor's key; give each sensor a key of its own",
        superseded_pause);
  case alert::bye_reason::version:
    return finish(session_end::reason::version,
                  "the server does not speak this sensor's version of the protocol: " + said,
                  version_pause);
  case alert::bye_reason::unknown_session:
    return finish(session_end::reason::unknown_session,
                  "the server has no session of ours (it was restarted)");
  case alert::bye_reason::shutting_down:
    return finish(session_end::reason::shutting_down, "the server is shutting down");
  }
  return {};
}

reaction session::on(const alert::server_heartbeat&, instant now) {
  if (!welcome_)
    progress_ = now; // it is there, its store is not: waiting is better than knocking again
  return {};
}

reaction session::on(const alert::unknown_message&, instant) {
  ++counters_.ignored;
  return {};
}

void session::go_to(std::uint64_t sequence) {
  ++round_;
  next_to_send_ = std::max(sequence, acknowledged_ + 1);
  open_.clear();
}

reaction session::tick(const spool_position& held, instant now, timestamp wall) {
  const auto heartbeat = welcome_ ? milliseconds{welcome_->heartbeat_ms} : default_heartbeat;
  if (!welcome_ && now - progress_ > options_.answer_within)
    return finish(session_end::reason::silent,
                  "the server took the connection but did not answer the hello");
  if (welcome_ && now - heard_ > heartbeat * silent_heartbeats)
    return finish(session_end::reason::silent,
                  "nothing heard from the server for three heartbeats");
  if (!open_.empty() && now - progress_ > options_.confirm_within)
    return finish(session_end::reason::silent,
                  "the server takes batches but has not confirmed any for too long");
  reaction result;
  if (now - said_ >= heartbeat || now - beat_ >= heartbeat * heartbeats_under_load) {
    result.send = alert::write_message(id_, alert::sensor_heartbeat{held.next, wall});
    said_ = beat_ = now;
  }
  return result;
}

std::optional<send_permit> session::may_send(const spool_position& held, instant now) const {
  if (!welcome_ || now < paused_until_ || open_.size() >= welcome_->window_batches ||
      next_to_send_ >= held.next)
    return std::nullopt;
  send_permit permit;
  permit.from = next_to_send_;
  permit.round = round_;
  permit.limits.entries =
      std::min<std::size_t>(welcome_->max_batch_alerts, alert::uplink_batch_limit_entries);
  permit.limits.bytes =
      std::min<std::size_t>(welcome_->max_message_bytes, alert::uplink_message_limit_bytes / 2);
  if (next_to_send_ < held.first)
    permit.drop_through = held.first - 1;
  return permit;
}

void session::sent(std::uint64_t next, instant now) {
  ++counters_.batches_sent;
  if (open_.empty())
    progress_ = now;
  open_.push_back(next - 1);
  next_to_send_ = next;
  held_next_ = std::max(held_next_, next);
  said_ = now;
}

} // namespace cresset::detect::uplink
